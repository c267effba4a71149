import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {verdictText} from '../test/helpers/play.js';
import {apiNames, textIn} from '../test/helpers/protocols.js';
import {providerOf, type ApiName} from '../test/helpers/providers.js';
import {startWirePlayer} from '../test/helpers/wire-player.js';
import {median, runChild} from './children.js';
import {markdown} from './markdown.js';

/*
What each provider costs a program that has just been started: the import of its SDK alone, and the built program until its first request arrives, each in turn with a bare Node. Then, what was loaded by that moment.
*/

const rounds = Number(process.argv[2] ?? 15);
const program = 'dist/cli.js';
const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
const loadsFile = path.join(folder, 'loads');

const sdks = ['openai', '@anthropic-ai/sdk', '@google/generative-ai'] as const;

/**
A server of one protocol that knows when it was first asked.
*/
async function startProvider(api: ApiName) {
	let onFirst: (() => void) | null = null;

	const {url, close} = await startWirePlayer(({model}) => {
		onFirst?.();
		onFirst = null;
		return textIn[api](model === 'arbiter' ? verdictText() : 'Because.');
	});

	return {
		url,
		close,
		first(listener: () => void) {
			onFirst = listener;
		},
	};
}

const providers = {
	chat: await startProvider('chat'),
	responses: await startProvider('responses'),
	anthropic: await startProvider('anthropic'),
	gemini: await startProvider('gemini'),
};
const withoutVersion = (url: string) => url.replace(/\/v1$/, '');
const environment = {
	OPENAI_BASE_URL: providers.responses.url,
	OPENAI_API_KEY: 'none-for-the-mock',
	ANTHROPIC_BASE_URL: withoutVersion(providers.anthropic.url),
	ANTHROPIC_API_KEY: 'none-for-the-mock',
	GEMINI_BASE_URL: withoutVersion(providers.gemini.url),
	GEMINI_API_KEY: 'none-for-the-mock',
};
const configured = path.join(folder, 'configured');
await runChild(
	[
		program,
		'endpoints',
		'add',
		providerOf.chat,
		'--base-url',
		providers.chat.url,
	],
	{CONSORTIUM_TUI_HOME: configured},
);

/**
Run the program with one member of a provider. Returns the milliseconds until its first request; `onFirst` is called at that moment.
*/
async function runToRequest(
	api: ApiName,
	{
		home = configured,
		nodeWords = [],
		onFirst,
	}: {
		readonly home?: string;
		readonly nodeWords?: readonly string[];
		readonly onFirst?: () => void;
	} = {},
): Promise<number> {
	let arrivedAt = NaN;
	providers[api].first(() => {
		arrivedAt = performance.now();
		onFirst?.();
	});
	const startedAt = performance.now();
	await runChild(
		[
			...nodeWords,
			program,
			'run',
			'-q',
			'--no-stdin',
			'--no-log',
			'-m',
			`${providerOf[api]}/member`,
			'--arbiter',
			`${providerOf[api]}/arbiter`,
			'Why?',
		],
		{...environment, CONSORTIUM_TUI_HOME: home, BENCH_LOADS: loadsFile},
	);
	return arrivedAt - startedAt;
}

/**
The modules that were loaded when the first request arrived, by their path.
*/
async function loadedFor(api: ApiName): Promise<readonly string[]> {
	let files = '';
	writeFileSync(loadsFile, '');
	await runToRequest(api, {
		nodeWords: [
			'--disable-warning=ExperimentalWarning',
			'--import',
			new URL('note-loads.ts', import.meta.url).href,
		],
		onFirst() {
			files = readFileSync(loadsFile, 'utf8');
		},
	});

	return files.trimEnd().split('\n');
}

/**
How large modules are, and the packages in them, which the bundle names in comments.
*/
function contentOf(files: readonly string[]): readonly [string, string] {
	const text = files.map(file => readFileSync(file, 'utf8')).join('\n');
	const names = text.matchAll(/^\/\/ .*node_modules\/((?:@[^/]+\/)?[^/]+)\//gm);
	const packages = new Set(Array.from(names, ([, name]) => name!));

	return [(text.length / 1000).toFixed(0), [...packages].toSorted().join(', ')];
}

const runTime = (words: readonly string[]) => async () =>
	(await runChild(words)).ms;

const cases: ReadonlyArray<readonly [string, () => Promise<number>]> = [
	['node -e 0', runTime(['-e', '0'])],
	...sdks.map(
		sdk =>
			[
				`import '${sdk}'`,
				runTime(['--input-type=module', '-e', `import '${sdk}'`]),
			] as const,
	),
	['--version', runTime([program, '--version'])],
	...apiNames.map(
		api => [`first request, ${api}`, async () => runToRequest(api)] as const,
	),
	[
		'first request, responses, no configuration',
		async () => runToRequest('responses', {home: path.join(folder, 'nothing')}),
	],
];

// These fill the compile cache too, as every start but the first finds it.
const loads = new Map<ApiName, readonly string[]>();

for (const api of apiNames) {
	loads.set(api, await loadedFor(api));
}

const times = new Map<string, number[]>(cases.map(([name]) => [name, []]));

for (let round = 0; round < rounds; round++) {
	for (const [name, measure] of cases) {
		times.get(name)!.push(await measure());
	}
}

const bare = times.get('node -e 0')!;
const whole = (figure: number) => figure.toFixed(0);

console.log(
	`${rounds} rounds; the ratio is the median of those in one round\n`,
);
console.log(
	markdown(
		['', 'ms min', 'median', 'max', '× bare Node'],
		times
			.entries()
			.map(([name, figures]) => [
				name,
				whole(Math.min(...figures)),
				whole(median(figures)),
				whole(Math.max(...figures)),
				median(figures.map((ms, round) => ms / bare[round]!)).toFixed(2),
			])
			.toArray(),
	),
);
const common = loads
	.get('chat')!
	.filter(file => loads.values().every(files => files.includes(file)));

console.log(
	markdown(
		['loaded at the first request', 'kB', 'packages'],
		[
			['by all', ...contentOf(common)],
			...loads
				.entries()
				.map(([api, files]) => [
					`besides, ${api}`,
					...contentOf(files.filter(file => !common.includes(file))),
				]),
		],
	),
);

for (const {close} of Object.values(providers)) {
	await close();
}

rmSync(folder, {recursive: true});
