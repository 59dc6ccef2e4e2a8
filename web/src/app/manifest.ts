import type { MetadataRoute } from 'next';

export default function manifest(): MetadataRoute.Manifest {
  return {
    name: 'Row Fifteen',
    short_name: 'Row Fifteen',
    description: 'Tickets from fan to fan, held for you while you pay.',
    start_url: '/',
    display: 'minimal-ui',
    background_color: '#f3f6f4',
    theme_color: '#0b6553',
    icons: [{ src: '/icon.svg', type: 'image/svg+xml', sizes: 'any' }],
  };
}
