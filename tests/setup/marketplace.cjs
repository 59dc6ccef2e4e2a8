// Jest's global setup of the project whose tests look at the whole marketplace: one for the whole run.
const { register } = require('tsx/cjs/api');

module.exports = async () => {
  const unregister = register();
  const { startTestMarketplace } = require('./start-test-marketplace.ts');
  await startTestMarketplace();
  unregister();
};
