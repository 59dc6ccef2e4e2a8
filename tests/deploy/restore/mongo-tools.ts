// mongodump and mongorestore of a MongoDB that is played: the real ones are on no registry. They take the words that the
// scripts in k8s/backup give, speak MongoDB's own protocol, and keep every document as it is, types included; what they
// write is in a format of their own.
//   mongo-tools.ts mongodump|mongorestore --config=FILE --gzip --archive=FILE --quiet [--drop]
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { mongo } from 'mongoose';
import { parse } from 'yaml';

const { EJSON } = mongo.BSON;

interface Kept {
  database: string;
  collection: string;
  documents: mongo.BSON.Document[];
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      config: { type: 'string', default: '' },
      archive: { type: 'string', default: '' },
      gzip: { type: 'boolean' },
      quiet: { type: 'boolean' },
      drop: { type: 'boolean' },
    },
  });
  const { uri } = parse(readFileSync(values.config, 'utf8')) as { uri: string };
  const client = await mongo.MongoClient.connect(uri, { serverSelectionTimeoutMS: 10_000 });
  try {
    const [program] = positionals;
    if (program === 'mongodump') {
      writeFileSync(values.archive, gzipSync(EJSON.stringify(await dump(client), { relaxed: false })));
    } else {
      await restore(client, EJSON.parse(gunzipSync(readFileSync(values.archive)).toString(), { relaxed: false }));
    }
  } finally {
    await client.close();
  }
}

async function dump(client: mongo.MongoClient): Promise<Kept[]> {
  const { databases } = await client.db('admin').admin().listDatabases();
  const kept: Kept[] = [];
  for (const { name: database } of databases.filter(({ name }) => !['admin', 'config', 'local'].includes(name))) {
    for (const { name: collection } of await client.db(database).listCollections().toArray()) {
      if (collection.startsWith('system.')) continue;
      const documents = await client.db(database).collection(collection).find().toArray();
      kept.push({ database, collection, documents });
    }
  }
  return kept;
}

async function restore(client: mongo.MongoClient, kept: Kept[]): Promise<void> {
  for (const { database, collection, documents } of kept) {
    const target = client.db(database).collection(collection);
    await target.deleteMany({});
    if (documents.length > 0) await target.insertMany(documents);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
});
