// SPDX-License-Identifier: Apache-2.0
package guest.kotlin

import ch.qos.logback.classic.LoggerContext
import guest.Said
import kotlin.system.exitProcess
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.slf4j.MDCContext
import org.slf4j.LoggerFactory
import org.slf4j.MDC

private val logger = LoggerFactory.getLogger("guest.coroutines")

/** Logs in 200 coroutines, before and after each has given its thread back, and ends with status 5. */
fun main() {
    runBlocking {
        List(200) { number ->
            launch(Dispatchers.Default + MDCContext(mapOf("order" to "$number"))) {
                logger.debug("begins {}", number)
                Said.note("guest.coroutines", 10_000, MDC.get("order")?.let { "order=$it" } ?: "", "begins $number", null)
                delay(5)
                logger.debug("ends {}", number)
                Said.note("guest.coroutines", 10_000, MDC.get("order")?.let { "order=$it" } ?: "", "ends $number", null)
            }
        }.joinAll()
        try {
            runBlocking { fail() }
        } catch (e: IllegalStateException) {
            logger.error("failed", e)
            Said.note("guest.coroutines", 40_000, "", "failed", e)
        }
    }
    Said.print()
    val context = LoggerFactory.getILoggerFactory() as LoggerContext
    for (each in context.loggerList) {
        each.iteratorForAppenders().forEach { println("appender of ${each.name} ${each.level}: ${it.name} ${it.javaClass.name}") }
    }
    exitProcess(5)
}

private suspend fun fail() {
    delay(1)
    throw IllegalStateException("no coins")
}
