import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {median, runChild, startMock} from './children.js';
import {openApp, program} from './open-app.js';

/*
How long the built program takes to say its version and its help, to run the demo without its pauses, to put its first request on the wire, and to draw the first frame of the app, each in turn with a bare Node.
*/

const rounds = Number(process.argv[2] ?? 15);
const home = mkdtempSync(path.join(tmpdir(), 'bench-'));
const environment = {CONSORTIUM_TUI_HOME: home};

const cases: ReadonlyArray<readonly [string, readonly string[]]> = [
	['node -e 0', ['-e', '0']],
	['--version', [program, '--version']],
	['--help', [program, '--help']],
	['list', [program, 'list']],
	[
		'run (demo models, no pauses)',
		[
			program,
			'run',
			'-q',
			'--no-stdin',
			...['optimist', 'skeptic', 'careful'].flatMap(name => [
				'-m',
				`demo/${name}?delay=0`,
			]),
			'--arbiter',
			'demo/arbiter?delay=0',
			'Tabs or spaces?',
		],
	],
];

const times = new Map<string, number[]>(cases.map(([name]) => [name, []]));
const firstRequest: number[] = [];
const firstFrame: number[] = [];
const consortiumShown: number[] = [];

for (let round = 0; round < rounds; round++) {
	for (const [name, words] of cases) {
		const {ms} = await runChild(words, environment);
		times.get(name)!.push(ms);
	}

	const mock = await startMock(0);
	const {startedAt} = await runChild(
		[
			program,
			'run',
			'-q',
			'--no-stdin',
			'-m',
			'openai/member:3',
			'--arbiter',
			'openai/arbiter',
			'Why?',
		],
		{...environment, ...(await withEndpoint(mock.url))},
	);
	firstRequest.push((await mock.firstRequest) - startedAt);
	mock.close();

	const app = await openApp(home);
	firstFrame.push(app.frameMs);
	consortiumShown.push(app.knownMs);
}

/**
The mock as OpenAI itself would be reached.
*/
async function withEndpoint(url: string): Promise<Record<string, string>> {
	return {OPENAI_BASE_URL: url, OPENAI_API_KEY: 'none-for-the-mock'};
}

const bare = median(times.get('node -e 0')!);
console.log(`median of ${rounds}\n\n| | ms | × bare Node |\n|---|---|---|`);

for (const [name, figures] of [
	...times,
	['first request on the wire', firstRequest] as const,
	['first frame of the app', firstFrame] as const,
	['the app knows its consortium', consortiumShown] as const,
]) {
	console.log(
		`| ${name} | ${median(figures).toFixed(0)} | ${(median(figures) / bare).toFixed(2)} |`,
	);
}

rmSync(home, {recursive: true});
