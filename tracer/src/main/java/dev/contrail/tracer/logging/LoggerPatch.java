// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.nio.ByteBuffer;
import java.security.ProtectionDomain;

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

    /// Why a logger class could not be changed; empty when none has failed.
    private volatile String problem = "";

    static boolean isLogger(Class<?> type) {
        String name = type.getName();
        return name.equals("java.util.logging.Logger")
                || name.equals("org.jboss.logmanager.Logger");
    }

    String problem() {
        return problem;
    }

    @Override
    public byte[] transform(
            ClassLoader loader,
            String className,
            Class<?> redefined,
            ProtectionDomain domain,
            byte[] file) {
        try {
            if (JDK.equals(className) && loader == null) return patchJdk(new ClassFile(file));
            if (JBOSS.equals(className)) return patchJBoss(new ClassFile(file));
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
                    && Instructions.isObjectStore(in.get(from + at + 1) & 0xff))
                return insert(file, code, at, CallInsertion.ALOAD_1);
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
                    && file.methodAt(file.u2(from + at + 1)).equals("publish" + JBOSS_RECORD))
                return insert(file, code, at, CallInsertion.DUP);
        }
        throw new IllegalArgumentException("its method logRaw is another one");
    }

    private static byte[] insert(ClassFile file, ClassFile.Code code, int at, int push)
            throws IOException {
        return CallInsertion.insert(
                file, code, at, push, TapClass.NAME, TapClass.METHOD, TapClass.DESCRIPTOR);
    }
}
