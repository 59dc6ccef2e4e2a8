/** The bank was answered inside a page: tells it so. Nothing secret is told. */
parent.postMessage({ testPayments: 'answered' }, '*');
