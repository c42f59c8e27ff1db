// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

import java.nio.ByteBuffer;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;

/// What a relay gives to whom it trusts: how to know its certificate, and a secret to be known by.
///
/// As text it is 95 characters that may stand in a URL before `@`: `ct1_`, then in Base64 for URLs
/// the SHA-256 of the certificate, the number, the secret and four bytes of a CRC-32 of all of
/// them. Only [#text] shows the secret.
public final class RelayToken {
    /// Of the SHA-256 of a certificate.
    public static final int FINGERPRINT_BYTES = 32;

    public static final int SECRET_BYTES = 24;

    static final String BEGIN = "ct1_";
    private static final int BYTES = FINGERPRINT_BYTES + Long.BYTES + SECRET_BYTES + Integer.BYTES;

    private final byte[] fingerprint;
    private final long id;
    private final byte[] secret;

    /// @param fingerprint [#FINGERPRINT_BYTES] of it
    /// @param id by which the relay finds what it knows of the token
    /// @param secret [#SECRET_BYTES] of it
    public RelayToken(byte[] fingerprint, long id, byte[] secret) {
        if (fingerprint.length != FINGERPRINT_BYTES || secret.length != SECRET_BYTES) {
            throw new IllegalArgumentException("a token of another size");
        }
        this.fingerprint = fingerprint.clone();
        this.id = id;
        this.secret = secret.clone();
    }

    /// Whether a text is meant to be a token: the rest may be damaged.
    public static boolean isMeant(String text) {
        return text.startsWith(BEGIN);
    }

    /// Reads what [#text] has written.
    ///
    /// @throws ParseException that does not show the text: it may be a secret
    public static RelayToken parse(String text) throws ParseException {
        byte[] all;
        try {
            all =
                    isMeant(text)
                            ? Base64.getUrlDecoder().decode(text.substring(BEGIN.length()))
                            : new byte[0];
        } catch (IllegalArgumentException e) {
            throw damaged();
        }
        if (all.length != BYTES) {
            throw damaged();
        }
        ByteBuffer in = ByteBuffer.wrap(all);
        byte[] fingerprint = new byte[FINGERPRINT_BYTES];
        byte[] secret = new byte[SECRET_BYTES];
        long id = in.get(fingerprint).getLong();
        in.get(secret);
        if (in.getInt() != checksum(all)) {
            throw damaged();
        }
        return new RelayToken(fingerprint, id, secret);
    }

    private static ParseException damaged() {
        return new ParseException(
                "what stands before the @ is no whole token: copy it again from `contrail relayd"
                        + " --enrol`",
                0);
    }

    private static int checksum(byte[] all) {
        var sum = new CRC32();
        sum.update(all, 0, BYTES - Integer.BYTES);
        return (int) sum.getValue();
    }

    /// All of it, for who is to have it.
    public String text() {
        byte[] all = new byte[BYTES];
        ByteBuffer out = ByteBuffer.wrap(all).put(fingerprint).putLong(id).put(secret);
        out.putInt(checksum(all));
        return BEGIN + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    /// Of the relay's certificate.
    public byte[] fingerprint() {
        return fingerprint.clone();
    }

    public long id() {
        return id;
    }

    public byte[] secret() {
        return secret.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RelayToken that
                && id == that.id
                && Arrays.equals(fingerprint, that.fingerprint)
                && Arrays.equals(secret, that.secret);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id);
    }

    /// Without its secret.
    @Override
    public String toString() {
        return "token " + Long.toHexString(id);
    }
}
