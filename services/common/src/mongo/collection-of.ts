import type { Model, mongo } from 'mongoose';

/**
 * The driver's collection of a model, with the types of its documents: filters and updates are checked by the compiler,
 * and nothing is cast, validated or wrapped while it runs. For writes that are built in the service, and for reads whose
 * documents the service wrote (docs/decisions/0024). Mongoose types its collections as those of any document.
 */
export const collectionOf = <Doc extends mongo.Document>(model: Model<Doc>): mongo.Collection<Doc> =>
  model.collection as unknown as mongo.Collection<Doc>;
