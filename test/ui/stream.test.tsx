import assert from 'node:assert/strict';
import {once} from 'node:events';
import process from 'node:process';
import {PassThrough} from 'node:stream';
import {test} from 'node:test';
import {stripVTControlCharacters} from 'node:util';
import xterm from '@xterm/headless';
import {UnicodeGraphemesAddon} from '@xterm/addon-unicode-graphemes';
import {layoutOf, type Layout} from '../../source/ui/layout.js';
import {themes} from '../../source/ui/theme.js';
import {liveRun, type LiveRun} from '../helpers/live-run.js';

// Whether there are colours is asked when Ink is loaded.
process.env['FORCE_COLOR'] = '3';
const {render, renderToString} = await import('ink');
const {RunScreen} = await import('../helpers/run-screen.js');

const columns = 100;
const rows = 30;

/**
A terminal's screen, and a stream that writes to it.
*/
function terminalScreen() {
	const terminal = new xterm.Terminal({
		cols: columns,
		rows,
		allowProposedApi: true,
		// What the driver of a terminal does on the way to it.
		convertEol: true,
	});
	terminal.loadAddon(new UnicodeGraphemesAddon());
	terminal.unicode.activeVersion = '15-graphemes';
	const stream = new PassThrough();
	let raw = '';
	stream.on('data', (data: Uint8Array) => {
		raw += String(data);
		terminal.write(data);
	});

	return {
		stdout: Object.assign(stream, {columns, rows, isTTY: true}),
		raw: () => raw,
		async lines() {
			await new Promise<void>(resolve => {
				terminal.write('', resolve);
			});
			const {active} = terminal.buffer;
			return Array.from(
				{length: rows},
				(_, row) =>
					active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
			);
		},
	};
}

const wordsOf = (index: number) => [
	'The ',
	'sky ',
	`is blue (${index}). `,
	'漢字 ',
	'é ',
	'👍 ',
	'\n',
];

function layoutFor({store}: LiveRun): Layout {
	return layoutOf({
		columns,
		rows,
		stage: 'live',
		density: null,
		composerRows: 0,
		instances: store.panes.snapshot().length,
		phase: 'members',
		arbiterNeeds: 1,
	});
}

test('the final screen of a stream is the screen of the final state', async () => {
	const run = liveRun(9);
	const {store, ids, ask, speak, end, pass} = run;
	ask();
	pass(0);
	const layout = layoutFor(run);
	store.setViewport({
		panes: layout.text.panes,
		arbiter: layout.text.arbiter,
		zoom: null,
	});
	const {stdout, lines, raw} = terminalScreen();
	const screen = (
		<RunScreen store={store} layout={layout} picked={0} theme={themes.dark} />
	);
	const shown = render(screen, {
		stdout: stdout as unknown as NodeJS.WriteStream,
		alternateScreen: true,
		incrementalRendering: true,
		interactive: true,
		maxFps: 60,
		patchConsole: false,
	});

	for (let beat = 0; beat < 40; beat++) {
		for (const [index, id] of ids.entries()) {
			const words = wordsOf(index);
			speak(id, words[(beat * (index + 1)) % words.length]!);
		}

		pass(40);
		await shown.waitUntilRenderFlush();
	}

	for (const id of ids) {
		end(id, {confidence: 0.7});
	}

	pass(0);
	await shown.waitUntilRenderFlush();
	const drawn = await lines();
	const expected = stripVTControlCharacters(renderToString(screen, {columns}))
		.split('\n')
		.map(line => line.trimEnd());
	shown.unmount();
	stdout.end();
	await once(stdout, 'close');

	// The busy sign of the header moves by itself.
	assert.deepEqual(drawn.slice(1, expected.length), expected.slice(1));
	assert.equal(drawn[0]!.slice(4), expected[0]!.slice(4));
	assert.doesNotMatch(raw(), /\u001B\[[23]J/);
});
