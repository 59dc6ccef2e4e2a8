import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A MongoDB stand-in for a machine that has no mongod: mongo-java-server, with data kept in a folder.
 *
 * <p>{@code MongoStandIn --port 27017 --data DIR [--bind 127.0.0.1] [--parent-pid PID]}. Prints one line when it
 * answers. SIGTERM, or the end of the parent process, stops it with everything stored.
 */
public final class MongoStandIn {

  /** What mongoose 9 asks for at least is wire version 9; 13 is MongoDB 5.0, whose commands the server knows. */
  private static final MongoVersion VERSION =
      new MongoVersion() {
        @Override
        public List<Integer> getVersionArray() {
          return List.of(5, 0, 0);
        }

        @Override
        public int getWireVersion() {
          return 13;
        }
      };

  public static void main(String[] args) {
    System.setProperty("slf4j.internal.verbosity", "ERROR"); // no logger is bound, and that is meant
    Map<String, String> options = parse(args);
    String host = options.getOrDefault("bind", "127.0.0.1");
    int port = Integer.parseInt(options.getOrDefault("port", "27017"));
    try {
      start(host, port, Path.of(options.getOrDefault("data", ".")), options.get("parent-pid"));
    } catch (IOException | RuntimeException error) {
      System.err.println(explain(error, host, port));
      Runtime.getRuntime().halt(1);
    }
  }

  private static void start(String host, int port, Path folder, String parent) throws IOException {
    JournaledBackend backend = new JournaledBackend(folder);
    backend.version(VERSION);
    MongoServer server = new MongoServer(backend);
    int workers = Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));
    server.bind(new InetSocketAddress(host, port), 1, workers);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
    if (parent != null) stopWith(Long.parseLong(parent));
    System.out.println("MongoDB stand-in answers on " + host + ":" + port + ", data in " + folder);
  }

  private static void stop(MongoServer server) {
    server.shutdownNow();
    Runtime.getRuntime().halt(0);
  }

  private static void stopWith(long parentPid) {
    Runnable exit = () -> System.exit(0);
    ProcessHandle.of(parentPid).ifPresentOrElse(parent -> parent.onExit().thenRun(exit), exit);
  }

  private static String explain(Exception error, String host, int port) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return "mongo: " + host + ":" + port + " is taken by another program; choose another port.";
      }
    }
    return "mongo: " + error.getMessage();
  }

  private static Map<String, String> parse(String[] args) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) options.put(args[i].replaceFirst("^--", ""), args[i + 1]);
    return options;
  }
}
