import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import pty from '@lydell/node-pty';
import {changeConfig} from '../../source/config/config.js';
import {demo} from '../../source/config/demo.js';
import {commands} from '../../source/commands/names.js';
import {flagName} from '../../source/commands/common-flags.js';
import {grammarOf} from '../../source/commands/completion/grammar.js';
import {scriptFor, shells} from '../../source/commands/completion/scripts.js';
import {command} from '../../source/commands/command.js';
import {emptyFolder, runProgram} from '../helpers/program.js';

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const grammars = await Promise.all(
	Object.entries(commands).map(async ([name, load]) =>
		grammarOf(name, await load()),
	),
);

/**
A folder with the program under its own name, and beside it whatever a shell needs.
*/
function folderOfProgram(): string {
	const folder = emptyFolder();
	const file = join(folder, 'consortium-tui');
	writeFileSync(
		file,
		`#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`,
	);
	chmodSync(file, 0o755);
	return folder;
}

const path = `${folderOfProgram()}:${process.env['PATH']}`;

/**
A home with two consortiums, and one whose name and models only a hand can have written.
*/
async function filledHome(): Promise<string> {
	const home = emptyFolder();
	const member = (model: string) => ({slot: 'x', model, count: 1});
	await changeConfig(home, config => ({
		...config,
		consortiums: {
			trio: {...demo, members: [member('ollama/llama3.2:latest')]},
			'übung-2': demo,
			'$(touch hacked)': {...demo, members: [member('a`touch hacked`')]},
			'two words': demo,
		},
		endpoints: {
			box: {baseUrl: 'http://localhost:9/v1', keyEnv: null, api: 'chat'},
		},
	}));
	return home;
}

/**
What bash puts in place of what it takes for the last word, for each of these lines with the cursor at their end.
*/
async function completedIn(
	home: string,
	lines: readonly string[],
): Promise<string[][]> {
	const script = `
set -u
source <(consortium-tui completion bash)
while IFS= read -r line; do
	COMP_LINE=$line COMP_POINT=\${#line}
	_consortium_tui
	printf '%s\\n' "\${COMPREPLY[@]-}" --end--
done
`;
	const child = spawn('bash', ['--norc', '-c', script], {
		cwd: emptyFolder(),
		env: {PATH: path, CONSORTIUM_TUI_HOME: home, LANG: 'C.UTF-8'},
	});
	let output = '';
	let errors = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		output += text;
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		errors += text;
	});
	child.stdin.end(lines.map(line => `${line}\n`).join(''));
	await new Promise(resolve => {
		child.once('close', resolve);
	});

	assert.equal(errors, '');
	return output
		.split('--end--\n')
		.slice(0, -1)
		.map(words => words.split('\n').filter(word => word !== ''));
}

test('in bash, every place of a line is completed by what can stand there', async () => {
	const cases: ReadonlyArray<readonly [string, readonly string[]]> = [
		['consortium-tui ', Object.keys(commands)],
		['consortium-tui ru', ['run', 'runs']],
		['consortium-tui show ', ['trio', 'übung-2', 'demo']],
		['consortium-tui show t', ['trio']],
		['consortium-tui -C tr', ['trio']],
		['consortium-tui run -C tr', ['trio']],
		[
			'consortium-tui logs ',
			[
				'list',
				'show',
				'delete',
				'undo',
				'vacuum',
				'backup',
				'import',
				'backfill',
				'path',
				'status',
				'on',
				'off',
			],
		],
		['consortium-tui logs show ', []],
		['consortium-tui logs --role ', ['final', 'member', 'arbiter', 'all']],
		['consortium-tui endpoints remove ', ['box']],
		[
			'consortium-tui endpoints add x --api ',
			['chat', 'responses', 'anthropic', 'gemini'],
		],
		['consortium-tui completion f', ['fish']],
		['consortium-tui strategies t', ['tiered']],
		['consortium-tui run --strategy q', ['quorum']],
		['consortium-tui models op', ['openai', 'openrouter']],
		['consortium-tui run --eff', ['--effort']],
		['consortium-tui run --stop ', ['any', 'both', 'confidence', 'arbiter']],
		['consortium-tui run --memory l', ['lean']],
		['consortium-tui run "two words" -m oll', ['ollama/llama3.2:latest']],
		['consortium-tui run -m openai/gpt-6-l', ['openai/gpt-6-luna']],
		['consortium-tui run -m tri', ['trio']],
		['consortium-tui run --arbiter tri', ['trio']],
		['consortium-tui run --arbiter gpt-6-l', ['gpt-6-luna']],
		['consortium-tui run -n ', []],
		['consortium-tui run hello ', []],
		['consortium-tui run -- ', []],
		['consortium-tui run -o ', []],
		["consortium-tui show '", []],
		['consortium-tui show *', []],
		['consortium-tui show $(', []],
	];
	const completed = await completedIn(
		await filledHome(),
		cases.map(([line]) => line),
	);

	assert.deepEqual(
		cases.map(([line], index) => [line, completed[index]]),
		cases,
	);
});

test('bash breaks words at colons and equals signs, and only what is behind them is put in', async () => {
	assert.deepEqual(
		await completedIn(await filledHome(), [
			'consortium-tui run -m ollama/llama3.2:',
			'consortium-tui run -m ollama/llama3.2:la',
			'consortium-tui run --stop=',
			'consortium-tui run --stop=c',
			'consortium-tui run --consortium=t',
		]),
		[
			['latest'],
			['latest'],
			['any', 'both', 'confidence', 'arbiter'],
			['confidence'],
			['trio'],
		],
	);
});

test('a person who presses Tab in bash gets the line completed, files included', async () => {
	const folder = emptyFolder();
	writeFileSync(join(folder, 'result one.json'), '');
	const child = pty.spawn('bash', ['--norc', '--noprofile'], {
		cols: 120,
		cwd: folder,
		env: {
			PATH: path,
			HOME: folder,
			CONSORTIUM_TUI_HOME: await filledHome(),
			TERM: 'dumb',
			PS1: '> ',
			INPUTRC: '/dev/null',
		},
	});
	let output = '';
	let wake: () => void = () => undefined;
	const exited = new Promise(resolve => {
		child.onExit(resolve);
	});
	child.onData(text => {
		output += text;
		wake();
	});

	const type = async (keys: string, expected: string) => {
		child.write(keys);

		while (!output.includes(expected)) {
			const {promise, resolve} = Promise.withResolvers<void>();
			wake = resolve;
			await promise;
		}
	};

	await type(
		'source <(consortium-tui completion bash); echo rea""dy\r',
		'ready',
	);
	await type('consortium-tui sho\tt\t', 'consortium-tui show trio ');
	await type(
		'\u0015consortium-tui run -m ollama/l\t',
		'ollama/llama3.2:latest ',
	);
	await type(
		'\u0015consortium-tui run -o res\t',
		String.raw`result\ one.json `,
	);
	child.write('\u0015exit\r');
	await exited;
});

test('where nothing can be asked, nothing is said', async () => {
	const damaged = emptyFolder();
	writeFileSync(join(damaged, 'config.json'), '{"vers');
	const folder = emptyFolder();
	mkdirSync(join(folder, 'config.json'));

	for (const [home, words] of [
		[damaged, ['completion', 'words', 'endpoints']],
		[folder, ['completion', 'words', 'endpoints']],
		[emptyFolder(), ['completion', 'words', 'nonsense']],
		[emptyFolder(), ['completion', 'words']],
	] as const) {
		assert.deepEqual(await runProgram(words, {home}), {
			code: 0,
			signal: null,
			stdout: '',
			stderr: '',
		});
	}
});

test('asking leaves a damaged configuration where it is', async () => {
	const home = emptyFolder();
	writeFileSync(join(home, 'config.json'), '{"vers');
	const {stdout} = await runProgram(['completion', 'words', 'consortiums'], {
		home,
	});
	const {stderr} = await runProgram(['list'], {home});

	assert.equal(stdout, 'demo\n');
	assert.match(stderr, /was damaged and is kept/);
});

test('what a shell could take for something else is not offered', async () => {
	const home = await filledHome();

	for (const kind of [
		'consortiums',
		'models',
		'providers',
		'endpoints',
		'roles',
	]) {
		const {stdout} = await runProgram(['completion', 'words', kind], {home});

		assert.match(stdout, /^(?:[\p{L}\p{N}][\p{L}\p{N}._/:@+-]*\n)+$/u);
		assert.doesNotMatch(stdout, /hacked/);
	}
});

for (const shell of shells) {
	test(`the script for ${shell} says how to load it and knows every command, flag and closed value`, async () => {
		const {code, stdout, stderr} = await runProgram(['completion', shell]);
		const help = await runProgram(['completion', '--help']);
		const [how] = /# (?:In|Once).*/.exec(stdout)!;

		assert.deepEqual([code, stderr], [0, '']);
		assert.ok(stdout.indexOf(how) < 40);
		assert.ok(help.stdout.includes(`  ${how.slice('# '.length)}\n`));

		for (const {name, flags, verbs} of grammars) {
			for (const {long, takes} of flags) {
				const flag = shell === 'fish' ? `-l ${long.slice(2)}` : long;
				assert.ok(stdout.includes(flag), `${name} ${long}`);

				if (Array.isArray(takes)) {
					assert.ok(stdout.includes(`'${takes.join(' ')}'`));
				}
			}

			for (const verb of verbs.keys()) {
				assert.match(stdout, new RegExp(String.raw`\b${verb}\b`));
			}

			assert.match(stdout, new RegExp(String.raw`\b${name}\b`));
		}
	});
}

test('the grammar of a command is read out of its usage and its flags', () => {
	const {verbs, word, flags} = grammarOf(
		'things',
		command({
			usage: [
				'things [list] [-n N] [--json]',
				'things set|drop PROVIDER',
				'things path | status | on',
				'things load FILE… [--force]',
				'things NAME -m SPEC [flags]',
			],
			summary: '',
			flags: {
				noDetour: {type: 'boolean', meaning: ''},
				model: {type: 'string', short: 'm', value: 'SPEC', meaning: ''},
				size: {type: 'string', value: 'N', meaning: ''},
				color: {
					type: 'string',
					value: 'NAME',
					choices: ['red'],
					meaning: '',
				},
			},
			examples: [],
			run: async () => 0,
		}),
	);

	assert.deepEqual(
		[...verbs],
		[
			['list', 'anything'],
			['set', 'providers'],
			['drop', 'providers'],
			['path', 'anything'],
			['status', 'anything'],
			['on', 'anything'],
			['load', 'files'],
		],
	);
	assert.equal(word, 'consortiums');
	assert.deepEqual(
		flags.slice(0, 4).map(({long, short, takes}) => [long, short, takes]),
		[
			[flagName('noDetour'), null, null],
			['--model', '-m', 'models'],
			['--size', null, 'anything'],
			['--color', null, ['red']],
		],
	);
});

test('words of a summary cannot leave their quotes in fish', () => {
	const grammar = {
		name: 'it',
		summary: String.raw`It's \ here`,
		verbs: new Map(),
		word: 'anything',
		flags: [],
	} as const;

	assert.ok(
		scriptFor('fish', [grammar]).includes(String.raw`-d 'It\'s \\ here'`),
	);
});

for (const words of [
	['completion'],
	['completion', 'tcsh'],
	['completion', 'bash', 'zsh'],
]) {
	test(`${words.join(' ')} is a usage error`, async () => {
		const {code, stdout, stderr} = await runProgram(words);

		assert.deepEqual([code, stdout], [2, '']);
		assert.match(stderr, /bash/);
	});
}
