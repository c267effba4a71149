import {Buffer} from 'node:buffer';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {parseArgs} from 'node:util';
import pty from '@lydell/node-pty';
import {build} from 'esbuild';
import {markdown} from './markdown.js';

/*
What the live screen costs in a real terminal of 200×50 while 4, 16 and 64 instances speak, beside the making of their tokens alone: share of a core, bytes, frames, whole-screen erases, delay of the event loop, and how long a key takes to be seen. `--seconds 300` shows whether memory grows; `--profile FOLDER` keeps CPU profiles.
*/

const {values} = parseArgs({
	options: {
		seconds: {type: 'string', default: '10'},
		panes: {type: 'string', default: '4,16,64'},
		profile: {type: 'string'},
	},
});
const seconds = Number(values.seconds);
const columns = 200;
const rows = 50;
const keyEveryMs = 300;
const warmUpMs = 1500;
const folder = mkdtempSync(path.join(tmpdir(), 'bench-grid-'));
const app = path.join(folder, 'grid-app.mjs');

await build({
	entryPoints: ['bench/grid-app.tsx'],
	bundle: true,
	splitting: true,
	format: 'esm',
	platform: 'node',
	target: 'node22',
	outdir: folder,
	outExtension: {'.js': '.mjs'},
	external: ['react-devtools-core'],
	jsx: 'automatic',
	define: {
		'process.env.NODE_ENV': '"production"',
		'process.env.DEV': '"false"',
	},
	logLevel: 'warning',
	banner: {
		js: "import {createRequire as __createRequire} from 'node:module'; const require = __createRequire(import.meta.url);",
	},
});

type Report = {
	readonly cpuSeconds: number;
	readonly delayP99Ms: number;
	readonly startMb: number;
	readonly endMb: number;
};

type Measured = Report & {
	readonly megabytes: number;
	readonly frames: number;
	readonly clears: number;
	readonly echoes: readonly number[];
};

async function measure(
	panes: number,
	what: 'tokens' | 'screen' | 'keys',
): Promise<Measured> {
	const mode = what === 'tokens' ? 'tokens' : 'screen';
	const report = path.join(folder, `${what}-${panes}.json`);
	const {CI: _, ...env} = process.env;
	const profiling =
		values.profile === undefined
			? []
			: ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
	const child = pty.spawn(
		process.execPath,
		[...profiling, app, String(panes), String(seconds), mode, report],
		{
			cols: columns,
			rows,
			name: 'xterm-256color',
			env: {...env, COLORTERM: 'truecolor', TERM: 'xterm-256color'},
		},
	);
	const startedAt = performance.now();
	const echoes: number[] = [];
	let last = '';
	let bytes = 0;
	let frames = 0;
	let clears = 0;
	let key: {readonly shown: string; readonly at: number} | null = null;
	let keys = 0;

	child.onData(data => {
		last = data;

		if (performance.now() - startedAt < warmUpMs) {
			return;
		}

		bytes += Buffer.byteLength(data);
		frames += data.split('\u001B[?2026h').length - 1;
		clears += data.match(/\u001B\[[23]J|\u001B\[H\u001B\[0?J/g)?.length ?? 0;

		if (key && data.includes(key.shown)) {
			echoes.push(performance.now() - key.at);
			key = null;
		}
	});

	const typing = setInterval(() => {
		if (
			what === 'keys' &&
			performance.now() - startedAt > warmUpMs &&
			key === null
		) {
			const letter = String.fromCodePoint(65 + (keys++ % 26));
			key = {shown: `${letter.repeat(4)}§`, at: performance.now()};
			child.write(letter);
		}
	}, keyEveryMs);

	await new Promise(resolve => {
		child.onExit(resolve);
	});
	clearInterval(typing);

	if (!existsSync(report)) {
		throw new Error(`The screen broke:\n${last}`);
	}

	return {
		...(JSON.parse(readFileSync(report, 'utf8')) as Report),
		megabytes: bytes / 1_000_000,
		frames,
		clears,
		echoes,
	};
}

const percentile = (figures: readonly number[], share: number) =>
	figures.toSorted((left, right) => left - right)[
		Math.floor(share * (figures.length - 1))
	] ?? NaN;

const lines: string[][] = [];

const counts = values.panes.split(',').map(Number);

for (const panes of counts) {
	const tokens = await measure(panes, 'tokens');
	const screen = await measure(panes, 'screen');
	// Apart, since every key is a frame more.
	const {echoes} = await measure(panes, 'keys');
	const share = ({cpuSeconds}: Report) =>
		`${((100 * cpuSeconds) / seconds).toFixed(1)}%`;

	lines.push([
		String(panes),
		share(tokens),
		share(screen),
		(screen.megabytes / seconds).toFixed(2),
		(screen.frames / seconds).toFixed(1),
		String(screen.clears),
		screen.delayP99Ms.toFixed(1),
		percentile(echoes, 0.5).toFixed(0),
		percentile(echoes, 0.95).toFixed(0),
		`${screen.startMb.toFixed(0)} → ${screen.endMb.toFixed(0)}`,
	]);
}

console.log(`${columns}×${rows}, ${seconds} s, 50 tokens/s a pane\n`);
console.log(
	markdown(
		[
			'panes',
			'CPU, tokens alone',
			'CPU, screen',
			'MB/s',
			'frames/s',
			'clears',
			'loop p99 ms',
			'echo p50 ms',
			'echo p95 ms',
			'RSS MB',
		],
		lines,
	),
);
rmSync(folder, {recursive: true});
