import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.AbstractMongoBackend;
import de.bwaldvogel.mongo.exception.MongoServerError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Databases held in memory, each with its journal in one folder. */
final class JournaledBackend extends AbstractMongoBackend {

  private static final String SUFFIX = ".journal";

  /** MongoDB's own rule, by which a name is also a file's name. */
  private static final Pattern NAME = Pattern.compile("[^/\\\\. \"$*<>:|?\\x00]{1,63}");

  private final Path folder;
  private final FileChannel lockFile;
  private final Map<String, Journal> journals = new ConcurrentHashMap<>();

  /** Opens every database that the folder holds. Only one process may have a folder open. */
  JournaledBackend(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder);
    lockFile = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = lockFile.tryLock();
    if (lock == null) throw new IOException(folder + " is in use by another MongoDB stand-in; stop that one first.");
    for (String name : storedDatabases()) resolveDatabase(name);
  }

  @Override
  protected MongoDatabase openOrCreateDatabase(String name) {
    if (!NAME.matcher(name).matches()) throw new MongoServerError(73, "Invalid database name: '" + name + "'");
    Journal journal = new Journal(folder.resolve(name + SUFFIX));
    journals.put(name, journal);
    return new JournaledDatabase(name, journal, getCursorRegistry());
  }

  @Override
  public void close() {
    super.close();
    journals.values().forEach(Journal::close);
  }

  private List<String> storedDatabases() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .collect(Collectors.toList());
    }
  }
}
