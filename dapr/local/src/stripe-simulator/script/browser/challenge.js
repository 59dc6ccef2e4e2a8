/** Inside a page's dialog the Escape key reaches only this frame: the page is told. */
addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') parent.postMessage({ testPayments: 'closed' }, '*');
});
