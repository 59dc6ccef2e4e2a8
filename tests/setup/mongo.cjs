// Jest's global setup of the projects whose tests need a database: one MongoDB server for the whole run.
const { register } = require('tsx/cjs/api');

module.exports = async () => {
  const unregister = register();
  const { startTestMongo } = require('./start-test-mongo.ts');
  await startTestMongo();
  unregister();
};
