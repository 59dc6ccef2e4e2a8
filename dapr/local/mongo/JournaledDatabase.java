import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.AbstractSynchronizedMongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.oplog.Oplog;
import java.util.List;

/** One database. Its indexes are not stored: they are built again from the documents when it is opened. */
final class JournaledDatabase extends AbstractSynchronizedMongoDatabase<KeyValue> {

  private final Journal journal;

  JournaledDatabase(String name, Journal journal, CursorRegistry cursors) {
    super(name, cursors);
    this.journal = journal;
    initializeNamespacesAndIndexes();
  }

  Journal journal() {
    return journal;
  }

  @Override
  protected MongoCollection<KeyValue> openOrCreateCollection(String name, CollectionOptions options) {
    return new JournaledCollection(this, name, options, journal, cursorRegistry);
  }

  @Override
  protected Index<KeyValue> openOrCreateUniqueIndex(String collection, String name, List<IndexKey> keys, boolean sparse) {
    return new UniqueIndex(name, keys, sparse);
  }

  @Override
  protected Index<KeyValue> openOrCreateSecondaryIndex(String collection, String name, List<IndexKey> keys, boolean sparse) {
    return new FirstKeyIndex(name, keys);
  }

  @Override
  public void drop(Oplog oplog) {
    super.drop(oplog);
    journal.delete();
  }

  @Override
  protected long getStorageSize() {
    return 0;
  }

  @Override
  protected long getFileSize() {
    return 0;
  }
}
