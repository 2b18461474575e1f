package smcp.store.blob;

import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.handler.timeout.WriteTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What a failed request means (Amazon S3 API Reference, Error responses), in words for the operator: bucket, operation, reason, remedy. Never the server's own message, which may quote keys and signatures. */
final class S3Faults {
    private static final Logger log = LoggerFactory.getLogger(S3Faults.class);

    /** Which bucket of which server is for the operator alone: what fails later may be read by callers, too. */
    private static final String BLOBS = "blobs in S3, ";

    private static final String NO_CONNECTION =
            "no connection to the server: is it running, and is blobs.s3.endpoint right?";

    private final String bucket;
    private final String where;
    private final String region;
    private final Consumer<Fault> heard;

    /** @param heard of each failure that is the store's */
    S3Faults(String bucket, @Nullable String endpoint, String region, Consumer<Fault> heard) {
        this.bucket = bucket;
        this.where = endpoint == null ? "AWS" : endpoint;
        this.region = region;
        this.heard = heard;
    }

    static Throwable root(Throwable cause) {
        return cause instanceof CompletionException wrapped && wrapped.getCause() != null
                ? root(wrapped.getCause())
                : cause;
    }

    static boolean status(Throwable cause, int status) {
        return root(cause) instanceof S3Exception e && e.statusCode() == status;
    }

    /** Is there no such object? A missing bucket has a code of its own, except in answers to HEAD, which have no body. */
    static boolean missing(Throwable cause) {
        return root(cause) instanceof S3Exception e
                && e.statusCode() == 404
                && !code(e).equals("NoSuchBucket")
                && !code(e).equals("NoSuchUpload");
    }

    /**
     * Of what somebody needed: it is logged, and a trouble of the store.
     *
     * @param operation what was tried, as the permission it needs is called: {@code PutObject}
     */
    Fault of(String operation, Throwable failure) {
        var cause = root(failure);
        if (cause instanceof Fault fault) {
            return fault;
        }
        var fault = words(operation, cause);
        heard.accept(fault);
        log.atWarn()
                .addKeyValue("bucket", bucket)
                .addKeyValue("operation", operation)
                .addKeyValue("cause", cause.toString())
                .log("S3 failed");
        return fault;
    }

    /** The same of what was only tried. */
    Fault words(String operation, Throwable failure) {
        var cause = root(failure);
        if (cause instanceof Fault fault) {
            return fault;
        }
        var reason = cause instanceof S3Exception e ? answered(operation, e) : unanswered(cause);
        return new Fault(Fault.Kind.STORE_UNAVAILABLE, sentence(operation, reason), cause);
    }

    /** With the place: for who starts a node or restores one. */
    Throwable atStart(Throwable failure) {
        return failure instanceof Fault fault && fault.message().startsWith(BLOBS)
                ? new Fault(
                        fault.kind(),
                        "S3 bucket \"" + bucket + "\" at " + where + ", "
                                + fault.message().substring(BLOBS.length()),
                        fault.getCause() == null ? fault : fault.getCause())
                : failure;
    }

    Fault unavailable(String operation, String reason) {
        return new Fault(Fault.Kind.STORE_UNAVAILABLE, sentence(operation, reason));
    }

    private String sentence(String operation, String reason) {
        return BLOBS + operation + ": " + reason;
    }

    /** Will it pass by itself: was there no answer, or one that says so? Missing credentials, a name that means no server and one without TLS are mistakes rather than outages. */
    static boolean passing(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof S3Exception e) {
                return e.statusCode() >= 500 || e.statusCode() == 429;
            }
            if (cause instanceof UnknownHostException || cause instanceof SSLException || credentials(cause) != null) {
                return false;
            }
            if (cause instanceof ApiCallTimeoutException
                    || cause instanceof ApiCallAttemptTimeoutException
                    || cause instanceof TimeoutException) {
                return true;
            }
        }
        return broken(failure);
    }

    /** The SDK has no type of its own for a connection that was refused or cut. */
    private static boolean broken(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }

    private String answered(String operation, S3Exception e) {
        var code = code(e);
        return switch (code) {
            case "InvalidAccessKeyId",
                    "SignatureDoesNotMatch",
                    "InvalidToken",
                    "ExpiredToken",
                    "TokenRefreshRequired" ->
                "the server does not accept the credentials (" + code
                        + "): check blobs.s3.credentialsFile, or the environment, profile or role they come from";
            case "NoSuchBucket" -> "the bucket does not exist: create it, or correct blobs.s3.bucket";
            case "RequestTimeTooSkewed", "RequestExpired" ->
                "this machine's clock differs too much from the server's: set it right (NTP)";
            case "PermanentRedirect",
                    "AuthorizationHeaderMalformed",
                    "IllegalLocationConstraintException",
                    "TemporaryRedirect",
                    "301",
                    "307" -> "the bucket is not in region " + region + regionOf(e) + ": correct blobs.s3.region";
            case "AccessDenied", "AllAccessDisabled", "AccountProblem", "403", "401" ->
                "access is denied: the credentials are known but their policy must allow s3:" + operation
                        + " (docs/guides/s3.md has one)";
            case "InvalidBucketName", "404" -> "there is no such bucket: create it, or correct blobs.s3.bucket";
            case "EntityTooLarge", "EntityTooSmall" ->
                "the server does not take parts of this size (" + code + "): change blobs.s3.partBytes";
            case "NotImplemented", "501" -> "the server does not know this operation";
            case "SlowDown", "Throttling", "ServiceUnavailable", "503", "429" ->
                "the server is overloaded (" + e.statusCode() + ") and stayed so for every attempt: come back later";
            default ->
                e.statusCode() >= 500
                        ? "the server failed (" + e.statusCode() + " " + code + ") at every attempt: come back later"
                        : "the server refused (" + e.statusCode() + " " + code + ")";
        };
    }

    private static String code(S3Exception e) {
        var details = e.awsErrorDetails();
        var code = details == null ? null : details.errorCode();
        return code == null || !code.matches("[A-Za-z0-9.]{1,60}") ? Integer.toString(e.statusCode()) : code;
    }

    private static String regionOf(S3Exception e) {
        var details = e.awsErrorDetails();
        var response = details == null ? null : details.sdkHttpResponse();
        return response == null
                ? ""
                : response.firstMatchingHeader("x-amz-bucket-region")
                        .filter(name -> name.matches("[a-z0-9-]{1,40}"))
                        .map(name -> ", it is in " + name)
                        .orElse("");
    }

    private static String unanswered(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            var words = known(cause);
            if (words != null) {
                return words;
            }
        }
        if (broken(failure)) {
            return "the connection was cut at every attempt: come back later";
        }
        return "the connection failed (" + failure.getClass().getSimpleName() + ") at every attempt: come back later";
    }

    private static @Nullable String known(Throwable cause) {
        return switch (cause) {
            case ApiCallAttemptTimeoutException e when refusedBefore(e) -> NO_CONNECTION;
            case ApiCallTimeoutException _,
                    ApiCallAttemptTimeoutException _,
                    ReadTimeoutException _,
                    WriteTimeoutException _,
                    TimeoutException _ -> "no answer in time: the server or the way to it is too slow";
            case UnknownHostException _ -> "the server's name cannot be resolved: check blobs.s3.endpoint and region";
            case ConnectException _, NoRouteToHostException _ -> NO_CONNECTION;
            case SSLException _ -> "no TLS with the server: its certificate is not trusted, or it speaks plain HTTP";
            default -> credentials(cause);
        };
    }

    /** The SDK's connection pool now and then loses sight of an attempt after two that were refused, until the time for it is over. Of earlier attempts it keeps the words only. */
    private static boolean refusedBefore(ApiCallAttemptTimeoutException last) {
        return Arrays.stream(last.getSuppressed())
                .anyMatch(attempt -> String.valueOf(attempt.getMessage())
                        .contains("Unable to execute HTTP request: Connection refused"));
    }

    /** The SDK has no type for it, and its message lists every place it looked at. */
    private static @Nullable String credentials(Throwable cause) {
        var message = String.valueOf(cause.getMessage());
        return message.startsWith("Unable to load credentials")
                        || message.contains("Profile file contained no credentials")
                ? "no credentials found: set blobs.s3.credentialsFile, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role"
                : null;
    }
}
