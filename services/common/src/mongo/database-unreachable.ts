import mongoose from 'mongoose';

const { MongoNetworkError, MongoServerSelectionError } = mongoose.mongo;

/** Whether the driver could not reach a server, or lost it: what was asked may have been done, and may work in a moment. */
export const isDatabaseUnreachable = (error: unknown): boolean =>
  error instanceof MongoNetworkError || error instanceof MongoServerSelectionError;
