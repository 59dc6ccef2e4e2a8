// Jest's global setup of the checks of deployment: their tools, once a run and before the workers that would race for them,
// and the MongoDB that images are started with.
const { register } = require('tsx/cjs/api');
const startMongo = require('./mongo.cjs');

module.exports = async () => {
  const unregister = register();
  const { provideTools } = require('../deploy/tools/provide-tools.ts');
  provideTools();
  unregister();
  await startMongo();
};
