import de.bwaldvogel.mongo.backend.AbstractUniqueIndex;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A unique index in memory. */
final class UniqueIndex extends AbstractUniqueIndex<KeyValue> {

  private final Map<KeyValue, KeyValue> positions = new HashMap<>();

  UniqueIndex(String name, List<IndexKey> keys, boolean sparse) {
    super(name, keys, sparse);
  }

  @Override
  protected KeyValue removeDocument(KeyValue value) {
    return positions.remove(value);
  }

  @Override
  protected boolean putKeyPosition(KeyValue value, KeyValue position) {
    return positions.putIfAbsent(value, position) == null;
  }

  @Override
  protected KeyValue getPosition(KeyValue value) {
    return positions.get(value);
  }

  @Override
  protected Iterable<Map.Entry<KeyValue, KeyValue>> getIterable() {
    return positions.entrySet();
  }

  @Override
  public long getCount() {
    return positions.size();
  }

  @Override
  public long getDataSize() {
    return 0;
  }
}
