import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { labAvailable } from '../lab/available.ts';
import { browserOn, type LabBrowser } from '../lab/browser.ts';
import { createNetwork, type Network } from '../lab/network.ts';
import { PROGRAM } from '../lab/turnctl.ts';
import { type BareTurnserver, startTurnserver } from '../lab/turnserver.ts';

const available = labAvailable(['chromium']);
const SECRET = 'q7Vb2mZk0sXe9RwT4uYhPage';
const SERVER = '203.0.113.10';

/** What is announced in `place`. */
const says = (page: Page, place: string, words: RegExp | string) =>
  expect.poll(() => page.textContent(place), { timeout: 60_000 }).toMatch(words);

describe.skipIf(available !== true)(
  `the page for a person's own browser${available === true ? '' : ` (${available})`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'turnctl-page-'));
    const secretFile = join(folder, 'secret');
    const report = join(folder, 'report.json');
    let network: Network;
    let coturn: BareTurnserver;
    let server: ChildProcess;
    let executable: LabBrowser;
    let browser: Browser;
    let address = '';
    /** Nothing in a page may throw, or ask for what its policy forbids. */
    const problems: string[] = [];
    afterEach(() => expect(problems).toEqual([]));

    beforeAll(async () => {
      writeFileSync(secretFile, SECRET);
      network = createNetwork();
      const node = network.node('page', [`${SERVER}/24`]);
      coturn = await startTurnserver(node, [
        `listening-ip=${SERVER}`,
        `relay-ip=${SERVER}`,
        'realm=page.test',
        'use-auth-secret',
        `static-auth-secret=${SECRET}`,
      ]);
      const [node20 = '', program = ''] = PROGRAM;
      const flags = ['--secret-file', secretFile, '--listen', '0.0.0.0:0', '--report', report];
      const serve = [program, 'client', 'serve', SERVER, ...flags];
      server = spawn('ip', ['netns', 'exec', node.namespace, node20, ...serve], {
        stdio: ['ignore', 'inherit', 'pipe'],
      });
      let text = '';
      for await (const chunk of server.stderr ?? []) {
        text += chunk;
        address = /other device: (\S+\/)\n/.exec(text)?.[1] ?? '';
        if (address) break;
      }
      executable = browserOn(node);
      browser = await chromium.launch({ executablePath: executable.executable, args: ['--disable-gpu'] });
    });
    afterAll(async () => {
      await browser?.close();
      executable?.remove();
      await coturn?.stop();
      network?.close();
      rmSync(folder, { recursive: true });
    });

    async function open(width = 1100, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
      const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
      const page = await context.newPage();
      page.on('pageerror', error => problems.push(error.message));
      page.on('console', message => {
        if (/security policy/i.test(message.text())) problems.push(message.text());
      });
      await page.goto(address);
      return page;
    }

    test('tries each way, calls through the relay inside the page, and sends its report back', async () => {
      const page = await open();
      await says(page, '#target', SERVER);
      await page.click('#test');
      await says(page, '#loop-phase', /^Connected$/);
      await says(page, '#status', '2 of 3 ways work.');
      expect(await page.locator('.badge').allTextContents()).toEqual([
        expect.stringMatching(/^Works: relay after \d/),
        expect.stringMatching(/^Works: relay after \d/),
        'No relay',
      ]);
      expect(await page.locator('.card').nth(2).textContent()).toContain('The server was not reached');
      expect(await page.locator('#timeline svg').getAttribute('aria-label')).toMatch(
        /transport=udp: relay candidate after .*; turns:[^;]*: no relay candidate$/,
      );
      await says(page, '#loop-state', /Wayrelay\/(udp|tcp)Round trip[\d.]+ m?sLoss0 %/);
      await says(page, '#loop-state', new RegExp(`relay ${SERVER}:\\d+ ⇄ relay ${SERVER}:\\d+`));
      await page.click('#send');
      await says(page, '#report-state', 'Sent to turnctl.');
      const sent = readFileSync(report, 'utf8');
      expect(JSON.parse(sent)).toMatchObject({
        command: 'client serve',
        target: SERVER,
        gatherings: [{ relayMs: expect.any(Number) }, { relayMs: expect.any(Number) }, { relayMs: null }],
        loop: { phase: 'connected', loss: 0, rttMs: expect.any(Number) },
      });
      expect(sent).not.toMatch(/password|credential"|ufrag/);
      await page.close();
    });

    test('calls between two browsers, again after one of them left, and takes no third one', async () => {
      const [a, b, c] = [await open(), await open(), await open()];
      await a.click('#join');
      await says(a, '#distant-phase', /^Waiting/);
      await b.click('#join');
      for (const page of [a, b]) await says(page, '#distant-phase', /^Connected$/);
      for (const page of [a, b]) await says(page, '#distant-state', /Round trip[\d.]+ m?sLoss0 %/);
      await c.click('#join');
      await says(c, '#distant-phase', /^Two others/);
      await b.close();
      await says(a, '#distant-phase', /^Waiting/);
      await c.click('#join');
      for (const page of [a, c]) await says(page, '#distant-phase', /^Connected$/);
      await a.click('#join');
      await says(a, '#distant-phase', /^Ended/);
      await Promise.all([a.close(), c.close()]);
    });

    test('says in plain words that the credentials are refused, and what a phone sees fits', async () => {
      writeFileSync(secretFile, 'of another server');
      const page = await open(360, 'dark');
      await page.click('#test');
      await says(page, '#status', 'None of the ways works.');
      expect(await page.locator('.card').first().textContent()).toContain(
        'The server refused the name or the password',
      );
      writeFileSync(secretFile, '');
      await page.click('#test');
      await says(page, '#status', /^The test could not be made: .*empty/);
      writeFileSync(secretFile, SECRET);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
      expect(await page.getAttribute('html', 'lang')).toBe('en');
      await page.close();
    });

    test('every control has a name, is reached by the keyboard, and is large enough for a thumb', async () => {
      const page = await open(360);
      await page.click('#test');
      await says(page, '#status', '2 of 3 ways work.');
      for (const control of await page.locator('button:visible, input:visible, textarea:visible').all()) {
        const { name, height } = await control.evaluate(element => {
          const label = 'labels' in element && element.labels?.[0] ? element.labels[0] : element;
          return { name: label.textContent, height: label.getBoundingClientRect().height };
        });
        expect(name?.trim()).toBeTruthy();
        expect(height).toBeGreaterThanOrEqual(44);
      }
      expect(await page.locator('img:not([alt])').count()).toBe(0);
      await page.keyboard.press('Tab');
      await page.focus('#join');
      await page.keyboard.press('Enter');
      await says(page, '#distant-phase', /^Waiting/);
      await page.close();
    });

    test('ends when it is told to, with pages still open', async () => {
      const page = await open();
      await page.click('#join');
      await says(page, '#distant-phase', /^Waiting/);
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
      await says(page, '#distant-phase', /^turnctl does not answer/);
    });
  },
);
