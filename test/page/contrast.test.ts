import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../../src/page/serve/style.css', import.meta.url), 'utf8');

/** The colours of the light scheme, and those that the dark one changes. */
const [light = {}, dark = {}] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, block = '']) =>
  Object.fromEntries(
    [...block.matchAll(/--([\w-]+): #([\da-f]+);/g)].map(([, name = '', hex = '']) => [name, hex]),
  ),
);

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const full = hex.length === 3 ? [...hex].map(digit => digit + digit).join('') : hex;
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map(at => {
    const part = Number.parseInt(full.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const text: [ink: string, ground: string][] = [
  ['ink', 'ground'],
  ['ink', 'paper'],
  ['soft', 'ground'],
  ['soft', 'paper'],
  ['on-accent', 'accent'],
  ['good', 'good-ground'],
  ['good', 'paper'],
  ['bad', 'bad-ground'],
  ['bad', 'paper'],
  ['accent', 'busy-ground'],
];

for (const [scheme, colours] of [
  ['light', light],
  ['dark', { ...light, ...dark }],
] as const)
  describe(`text can be read in the ${scheme} scheme`, () => {
    for (const [ink, ground] of text)
      test(`${ink} on ${ground}`, () =>
        expect(contrast(colours[ink] ?? '', colours[ground] ?? '')).toBeGreaterThanOrEqual(4.5));
  });
