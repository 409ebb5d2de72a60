import { renderSVG } from 'uqr';

/** The text as a QR code, black on white in every colour scheme: cameras want it so. */
export const qrSvg = (text: string): string => renderSVG(text, { ecc: 'M', border: 3 });
