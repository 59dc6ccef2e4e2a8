// Jest's global teardown that belongs to mongo.cjs.
const { register } = require('tsx/cjs/api');

module.exports = async () => {
  const unregister = register();
  const { stopTestMongo } = require('./start-test-mongo.ts');
  await stopTestMongo();
  unregister();
};
