// SPDX-License-Identifier: Apache-2.0
package guest.scala

import guest.Said
import java.lang.System.Logger.Level
import java.util.logging.{LogManager, Logger as PlainLogger}
import scala.concurrent.duration.DurationInt
import scala.concurrent.{Await, ExecutionContext, Future}

/** Logs in 100 futures, through `System.Logger`, and ends with an exception that nobody catches. */
object Futures:
  private val logger = System.getLogger("guest.futures")
  private given ExecutionContext = ExecutionContext.global

  private enum Order(val number: Int):
    case Paid(n: Int) extends Order(n)
    case Failed(n: Int) extends Order(n)

  def main(arguments: Array[String]): Unit =
    val orders = (1 to 100).map(n => if n % 10 == 0 then Order.Failed(n) else Order.Paid(n))
    Await.result(Future.traverse(orders)(each => Future(take(each))), 1.minute)
    Said.print()
    for name <- Seq("", "guest", "guest.futures") do
      Option(LogManager.getLogManager.getLogger(name)) match
        case Some(each) => println(s"logger \"$name\" ${each.getLevel} ${each.getHandlers.map(_.getClass.getName).mkString(" ")}")
        case None => println(s"no logger \"$name\"")
    throw IllegalStateException("closed")

  private def take(order: Order): Unit = order match
    case Order.Paid(n) =>
      logger.log(Level.DEBUG, s"paid $n")
      Said.note("guest.futures", 500, "", s"paid $n", null)
    case Order.Failed(n) =>
      val thrown = IllegalStateException(s"no coins for $n")
      logger.log(Level.DEBUG, "failed", thrown)
      Said.note("guest.futures", 500, "", "failed", thrown)
