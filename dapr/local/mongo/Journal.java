import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * What has become of a database's documents, in order, in one file: appended before a change is answered, so that
 * nothing answered is lost when the process is killed; flushed to the disk every {@link #FLUSH_MS}, so that a power
 * cut costs no more than that. Read, and rewritten without what is past, when the database is opened.
 *
 * <p>A record is its length and CRC-32 (4 bytes each), then a BSON document: collection {@code c}, key {@code k}, and
 * document {@code d} unless it was removed; without {@code k} the collection was dropped.
 */
final class Journal {

  private static final long FLUSH_MS = 500;
  private static final int HEADER_BYTES = 8;
  /** Rewriting is worth its time only when most of a file is past. */
  private static final long SMALL_FILE_BYTES = 4 << 20;

  private final Path file;
  private final Map<String, Map<KeyValue, Document>> stored = new HashMap<>();
  private final ByteBuf record = Unpooled.buffer(1 << 16);
  private FileChannel channel;
  private boolean unflushed;
  private boolean closed;

  Journal(Path file) {
    this.file = file;
    try {
      long liveBytes = read();
      if (Files.exists(file) && Files.size(file) > Math.max(SMALL_FILE_BYTES, 2 * liveBytes)) rewrite();
      channel = openForAppending(file);
    } catch (IOException error) {
      throw new IllegalStateException(file + " cannot be opened: " + error.getMessage(), error);
    }
    Thread flusher = new Thread(this::flushRegularly, "flush " + file.getFileName());
    flusher.setDaemon(true);
    flusher.start();
  }

  /** The documents of a collection, which the caller goes on to own. */
  synchronized Map<KeyValue, Document> takeStored(String collection) {
    Map<KeyValue, Document> documents = stored.remove(collection);
    return documents == null ? new LinkedHashMap<>() : documents;
  }

  synchronized void put(String collection, KeyValue key, Document document) {
    append(new Document("c", collection).append("k", key.get(0)).append("d", document));
  }

  synchronized void remove(String collection, KeyValue key) {
    append(new Document("c", collection).append("k", key.get(0)));
  }

  synchronized void dropCollection(String collection) {
    append(new Document("c", collection));
  }

  /** Forgets the whole database. */
  synchronized void delete() {
    close();
    try {
      Files.deleteIfExists(file);
    } catch (IOException error) {
      throw new IllegalStateException(file + " cannot be removed: " + error.getMessage(), error);
    }
  }

  synchronized void close() {
    if (closed) return;
    closed = true;
    notifyAll();
    try {
      channel.force(false);
      channel.close();
    } catch (IOException error) {
      fail(error);
    }
  }

  private void append(Document change) {
    if (closed) return; // the process is ending, and no answer will follow
    try {
      write(channel, change);
      unflushed = true;
    } catch (IOException error) {
      fail(error);
    }
  }

  private void write(FileChannel target, Document change) throws IOException {
    record.clear().writeZero(HEADER_BYTES);
    BsonEncoder.encodeDocument(change, record);
    int length = record.writerIndex() - HEADER_BYTES;
    CRC32 checksum = new CRC32();
    checksum.update(record.array(), HEADER_BYTES, length);
    record.setInt(0, length).setInt(4, (int) checksum.getValue());
    ByteBuffer bytes = ByteBuffer.wrap(record.array(), 0, record.writerIndex());
    while (bytes.hasRemaining()) target.write(bytes);
  }

  /** A store that cannot store must not go on answering: what it has in memory is ahead of what it keeps. */
  private void fail(IOException error) {
    System.err.println("mongo: " + file + " cannot be written (" + error.getMessage() + "): stopped.");
    Runtime.getRuntime().halt(1);
  }

  private void flushRegularly() {
    try {
      while (hasChangedAfterAWhile()) channel.force(false);
    } catch (ClosedChannelException error) {
      // closing has flushed it
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
    } catch (IOException error) {
      fail(error);
    }
  }

  /** Waits for something to flush; false once closed. The flush itself must not hold up those who append. */
  private synchronized boolean hasChangedAfterAWhile() throws InterruptedException {
    do wait(FLUSH_MS);
    while (!unflushed && !closed);
    unflushed = false;
    return !closed;
  }

  /** Reads every whole record, and cuts off one that a crash left half written. Answers the bytes still of use. */
  private long read() throws IOException {
    if (!Files.exists(file)) return 0;
    ByteBuf bytes = Unpooled.wrappedBuffer(Files.readAllBytes(file));
    Map<String, Map<KeyValue, Integer>> sizes = new HashMap<>();
    int whole = 0;
    while (bytes.readableBytes() >= HEADER_BYTES) {
      int length = bytes.readInt();
      int expected = bytes.readInt();
      if (length <= 0 || length > bytes.readableBytes()) break;
      CRC32 checksum = new CRC32();
      checksum.update(bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), length);
      if ((int) checksum.getValue() != expected) break;
      apply(BsonDecoder.decodeBson(bytes.readSlice(length)), length + HEADER_BYTES, sizes);
      whole = bytes.readerIndex();
    }
    if (whole < bytes.capacity()) {
      try (FileChannel cut = FileChannel.open(file, StandardOpenOption.WRITE)) {
        cut.truncate(whole);
      }
    }
    return sizes.values().stream().flatMap(keys -> keys.values().stream()).mapToLong(Integer::longValue).sum();
  }

  private void apply(Document change, int bytes, Map<String, Map<KeyValue, Integer>> sizes) {
    String collection = (String) change.get("c");
    if (!change.containsKey("k")) {
      stored.remove(collection);
      sizes.remove(collection);
      return;
    }
    KeyValue key = new KeyValue(change.get("k")).normalized();
    Map<KeyValue, Document> documents = stored.computeIfAbsent(collection, name -> new LinkedHashMap<>());
    Map<KeyValue, Integer> documentSizes = sizes.computeIfAbsent(collection, name -> new HashMap<>());
    if (change.containsKey("d")) {
      documents.put(key, (Document) change.get("d"));
      documentSizes.put(key, bytes);
    } else {
      documents.remove(key);
      documentSizes.remove(key);
    }
  }

  private void rewrite() throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".draft");
    Files.deleteIfExists(draft);
    try (FileChannel target = openForAppending(draft)) {
      for (Map.Entry<String, Map<KeyValue, Document>> collection : stored.entrySet()) {
        for (Map.Entry<KeyValue, Document> entry : collection.getValue().entrySet()) {
          Document change = new Document("c", collection.getKey()).append("k", entry.getKey().get(0));
          write(target, change.append("d", entry.getValue()));
        }
      }
      target.force(false);
    }
    Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static FileChannel openForAppending(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }
}
