// Reads QR codes from what a camera sees or a picture shows: with the browser's own detector where it has one, else with
// a reader of ours, which comes only then.

/** https://wicg.github.io/shape-detection-api/ ; TypeScript does not know it yet. */
interface Detector {
  detect(image: ImageBitmap | HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

/** What the first code says, or nothing when there is none to be read. */
export type ReadCode = (image: ImageBitmap | HTMLVideoElement) => Promise<string | undefined>;

export async function qrCodeReader(): Promise<ReadCode> {
  const detector = await ownDetector();
  if (detector) return async (image) => (await detector.detect(image))[0]?.rawValue;
  const { default: jsQR } = await import('jsqr');
  return async (image) => {
    const { data, width, height } = pixelsOf(image);
    return width > 0 && height > 0 ? jsQR(data, width, height)?.data || undefined : undefined;
  };
}

/** Some browsers have the class, and no format that it reads. */
async function ownDetector(): Promise<Detector | undefined> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass };
  if (!BarcodeDetector || !(await BarcodeDetector.getSupportedFormats()).includes('qr_code')) return undefined;
  return new BarcodeDetector({ formats: ['qr_code'] });
}

/** Enough for a code that fills a third of the picture, and few enough to be read several times a second. */
const mostPixelsAcross = 1_000;

function pixelsOf(image: ImageBitmap | HTMLVideoElement): ImageData {
  const [width, height] = 'videoWidth' in image ? [image.videoWidth, image.videoHeight] : [image.width, image.height];
  const scale = Math.min(1, mostPixelsAcross / Math.max(width, height, 1));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('this browser draws no pictures');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
