// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.nio.ByteBuffer;
import java.security.ProtectionDomain;
import org.jspecify.annotations.Nullable;

/// Makes loggers show each record that they are about to give to handlers: one that has passed
/// level and filter. So it does not matter which handlers there are, to which tree a logger
/// belongs, and who resets what.
///
/// A transformer runs in the middle of the application's class loading: this one takes no lock,
/// loads no class of the application's, and lets nothing escape.
final class LoggerPatch implements ClassFileTransformer {
    private static final String JDK = "java/util/logging/Logger";

    /// JBoss' and WildFly's: a tree of nodes of its own behind the loggers.
    private static final String JBOSS = "org/jboss/logmanager/Logger";

    private static final String JBOSS_RECORD = "(Lorg/jboss/logmanager/ExtLogRecord;)V";

    /// Of the `LogManager` that Log4j brings: hands what is logged to Log4j, mostly without a
    /// record.
    private static final String LOG4J = "org/apache/logging/log4j/jul/ApiLogger";

    private static final String IS_LOG4J =
            "java.util.logging is given to Log4j (org.apache.logging.log4j.jul.LogManager): its log"
                    + " records are not seen";

    /// Why a logger class could not be changed; empty when none has failed.
    private volatile String problem = "";

    static boolean isLogger(Class<?> type) {
        String name = type.getName();
        return name.equals("java.util.logging.Logger")
                || name.equals("org.jboss.logmanager.Logger");
    }

    /// A class that has been loaded already.
    void look(Class<?> loaded) {
        if (loaded.getName().equals(LOG4J.replace('/', '.'))) {
            problem = IS_LOG4J;
        }
    }

    String problem() {
        return problem;
    }

    @Override
    public byte @Nullable [] transform(
            ClassLoader loader,
            String className,
            Class<?> redefined,
            ProtectionDomain domain,
            byte[] file) {
        try {
            if (JDK.equals(className) && loader == null) {
                return patchJdk(new ClassFile(file));
            }
            if (JBOSS.equals(className)) {
                return patchJBoss(new ClassFile(file));
            }
            if (LOG4J.equals(className)) {
                problem = IS_LOG4J;
            }
        } catch (Throwable e) {
            problem = "cannot see the log records of " + className + ": " + e;
        }
        return null;
    }

    /// Behind the filter, where the walk through the handlers begins: `Logger logger = this`.
    private static byte[] patchJdk(ClassFile file) throws IOException {
        ClassFile.Code code = file.codeOf("log", "(Ljava/util/logging/LogRecord;)V");
        ByteBuffer in = file.bytes();
        int from = code.from() + 8;
        int before = -1;
        for (int at = 0; at < code.length(); at += Instructions.length(in, from, at)) {
            int opcode = in.get(from + at) & 0xff;
            if (before == Instructions.RETURN
                    && opcode == Instructions.ALOAD_0
                    && Instructions.isObjectStore(in.get(from + at + 1) & 0xff)) {
                return insert(file, code, at, CallInsertion.ALOAD_1);
            }
            before = opcode;
        }
        throw new IllegalArgumentException("its method log is another one");
    }

    /// Where the logger gives the record to its node.
    private static byte[] patchJBoss(ClassFile file) throws IOException {
        ClassFile.Code code = file.codeOf("logRaw", JBOSS_RECORD);
        ByteBuffer in = file.bytes();
        int from = code.from() + 8;
        for (int at = 0; at < code.length(); at += Instructions.length(in, from, at)) {
            if ((in.get(from + at) & 0xff) == Instructions.INVOKEVIRTUAL
                    && file.methodAt(file.u2(from + at + 1)).equals("publish" + JBOSS_RECORD)) {
                return insert(file, code, at, CallInsertion.DUP);
            }
        }
        throw new IllegalArgumentException("its method logRaw is another one");
    }

    private static byte[] insert(ClassFile file, ClassFile.Code code, int at, int push)
            throws IOException {
        return CallInsertion.insert(
                file, code, at, push, TapClass.NAME, TapClass.METHOD, TapClass.DESCRIPTOR);
    }
}
