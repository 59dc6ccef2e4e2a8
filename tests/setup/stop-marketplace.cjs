// Jest's global teardown that belongs to marketplace.cjs.
const { register } = require('tsx/cjs/api');

module.exports = async () => {
  const unregister = register();
  const { stopTestMarketplace } = require('./start-test-marketplace.ts');
  await stopTestMarketplace();
  unregister();
};
