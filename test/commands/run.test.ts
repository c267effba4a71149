import assert from 'node:assert/strict';
import {readdirSync, readFileSync, unlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {type RunEvent} from '../../source/core/events.js';
import {type RunResult} from '../../source/core/result.js';
import {brokenRules} from '../helpers/grammar.js';
import {startMockServer} from '../helpers/mock-server.js';
import {verdictText} from '../helpers/play.js';
import {
	emptyFolder,
	runProgram,
	startProgram,
	type ProgramResult,
} from '../helpers/program.js';
import {
	chatText,
	cut,
	endEarly,
	responsesText,
	status,
	stall,
	withPiece,
} from '../helpers/scenes.js';
import {secretKey, serve} from '../helpers/scripted.js';
import {type SeenRequest} from '../helpers/wire-player.js';

const unsure = verdictText({
	confidence: 0.6,
	needsIteration: true,
	synthesis: 'Perhaps Paris.',
	areas: ['the year'],
});
const sure = verdictText({confidence: 0.9, synthesis: 'It is **Paris**.'});
const member = (final: string, confidence = 0.7) =>
	`I think so.\n<final>${final}</final>\n<confidence>${confidence}</confidence>`;
const two = {
	a: [member('Paris'), member('Paris', 0.9)],
	b: [member('Lyon'), member('Paris', 0.8)],
	arbiter: [unsure, sure],
} as const;
const flagsFor = (provider: string) => [
	'run',
	'-m',
	`${provider}/a`,
	'-m',
	`${provider}/b`,
	'--arbiter',
	`${provider}/arbiter`,
];
const ask = [...flagsFor('openai'), 'Which city?'];
const resultOf = ({stdout}: ProgramResult) => JSON.parse(stdout) as RunResult;
const eventsOf = ({stdout}: ProgramResult) =>
	stdout
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line) as RunEvent & {readonly v: number});
const messagesOf = ({json}: SeenRequest) =>
	(json['input'] ?? json['messages']) as unknown[];

test('two iterations end with the answer, and nothing else, on standard output', async t => {
	const server = await serve(t, two);
	const result = await runProgram(ask, {env: server.env});

	assert.equal(result.stdout, 'It is **Paris**.\n');
	assert.equal(result.code, 0);
	assert.match(result.stderr, /confidence 60%[^]*confidence 90%/);
	assert.match(result.stderr, /converged · confidence 90% · 2 iterations/);
	assert.doesNotMatch(
		result.stderr,
		/\u001B/,
		'no escape code without a terminal',
	);
});

for (const provider of ['openai', 'server']) {
	test(`with --memory reply each request of ${provider} extends the one before byte for byte`, async t => {
		const server = await serve(t, two);
		const home = emptyFolder();
		await runProgram(['endpoints', 'add', 'server', '--base-url', server.url], {
			home,
		});
		const {code} = await runProgram([...flagsFor(provider), 'Which city?'], {
			env: server.env,
			home,
		});
		assert.equal(code, 0);

		for (const model of ['a', 'b']) {
			const [first, second] = server
				.heard(model)
				.map(request => JSON.stringify(messagesOf(request)));
			assert.ok(second!.startsWith(first!.slice(0, -1)), model);
			assert.match(second!, /Perhaps Paris\./);
			assert.match(second!, /the year/);
			assert.equal(second!.split('Which city?').length, 2, 'asked once');
			const requests = server.heard(model);
			assert.equal(
				JSON.stringify(requests[0]!.json['instructions'] ?? null),
				JSON.stringify(requests[1]!.json['instructions'] ?? null),
			);
		}
	});
}

test('with --memory lean an instance is sent its question and one part of feedback', async t => {
	const server = await serve(t, two);
	await runProgram(['run', '--memory', 'lean', ...ask.slice(1)], {
		env: server.env,
	});
	const [, second] = server.heard('a');
	const messages = messagesOf(second!);
	assert.equal(messages.length, 1);
	assert.equal((messages[0] as {content: unknown[]}).content.length, 2);
	assert.doesNotMatch(second!.raw, /I think so/);
});

test('the arbiter never sees the name of a model', async t => {
	const server = await serve(t, {
		'alpha-9': ['I am alpha-9 and I know.'],
		'beta-9': ['As openai/beta-9 I doubt it.'],
		arbiter: [sure],
	});
	await runProgram(
		[
			'run',
			'-m',
			'openai/alpha-9',
			'-m',
			'openai/beta-9',
			'--arbiter',
			'openai/arbiter',
			'Why?',
		],
		{env: server.env},
	);
	const {raw} = server.heard('arbiter')[0]!;
	assert.match(raw, /I am \[model\] and I know/);
	assert.doesNotMatch(raw, /alpha-9|beta-9/);
});

test('the full result is one JSON object, the same on standard output and in a file', async t => {
	const server = await serve(t, two);
	const file = path.join(emptyFolder(), 'new', 'folder', 'result.json');
	const printed = await runProgram([...ask, '--json', '-o', file], {
		env: server.env,
	});
	const result = resultOf(printed);

	assert.equal(readFileSync(file, 'utf8'), printed.stdout);
	assert.deepEqual(readdirSync(path.dirname(file)), ['result.json']);
	assert.equal(result.v, 1);
	assert.equal(result.answer, 'It is **Paris**.');
	assert.equal(result.confidence, 0.9);
	assert.equal(result.status, 'converged');
	assert.equal(result.exitCode, 0);
	assert.equal(result.simulated, false);
	assert.deepEqual(
		result.iterations.map(({instances}) =>
			instances.map(({id, final, confidence}) => [id, final, confidence]),
		),
		[
			[
				['a#1', 'Paris', 0.7],
				['b#1', 'Lyon', 0.7],
			],
			[
				['a#1', 'Paris', 0.9],
				['b#1', 'Paris', 0.8],
			],
		],
	);
	assert.equal(result.usage.inputTokens, 72, '12 for each of six calls');
});

test('events are lines of JSON that keep the grammar and end with the result', async t => {
	const server = await serve(t, two);
	const printed = await runProgram([...ask, '--events', '-q'], {
		env: server.env,
	});
	const events = eventsOf(printed);

	assert.ok(events.every(({v}) => v === 1));
	assert.deepEqual(brokenRules(events.map(({v, ...event}) => event)), []);
	const last = events.at(-1)!;
	assert.equal(
		last.type === 'run-end' && last.result.answer,
		'It is **Paris**.',
	);
	assert.equal(printed.stderr, '');
});

test('--answers puts the answers of the members first, --raw prints what the arbiter wrote', async t => {
	const server = await serve(t, two);
	const answers = await runProgram([...ask, '--answers'], {env: server.env});
	assert.match(
		answers.stdout,
		/^## a#1\n\nI think so\.[^]*\n\n## b#1\n\n[^]*\n\n## Answer\n\nIt is \*\*Paris\*\*\.\n$/,
	);

	const again = await serve(t, two);
	const raw = await runProgram([...ask, '--raw'], {env: again.env});
	assert.equal(raw.stdout, `${sure}\n`);
});

test('--verbose tells the rest on standard error, --quiet nothing', async t => {
	const server = await serve(t, two);
	const verbose = await runProgram([...ask, '-v'], {env: server.env});
	assert.match(verbose.stderr, /iteration 2\n[^]*b#1 answered, confidence 80%/);
	assert.match(verbose.stderr, /run [0-9a-z]{26}/);

	const again = await serve(t, two);
	const quiet = await runProgram([...ask, '-q'], {env: again.env});
	assert.equal(quiet.stderr, '');
	assert.equal(quiet.stdout, 'It is **Paris**.\n');
});

test('what is piped in follows the prompt after a blank line, where the original dropped one of the two', async t => {
	const server = await serve(t, {...two, arbiter: [sure]});
	await runProgram(ask, {env: server.env, input: 'line 1\nline 2\n'});
	assert.match(
		JSON.stringify(messagesOf(server.heard('a')[0]!)),
		/Which city\?\\n\\nline 1\\nline 2"/,
	);
});

test('without a prompt the pipe is the prompt, and without both nothing is called', async t => {
	const server = await serve(t, {...two, arbiter: [sure]});
	const piped = await runProgram(flagsFor('openai'), {
		env: server.env,
		input: 'From a pipe?',
	});
	assert.equal(piped.code, 0);

	const nothing = await runProgram(flagsFor('openai'), {env: server.env});
	assert.equal(nothing.code, 2);
	assert.match(nothing.stderr, /^There is no prompt\./);
});

test('a pipe that stays silent is mentioned, and --no-stdin does not wait for it', async t => {
	const server = await serve(t, {...two, arbiter: [sure]});
	const waiting = startProgram(ask, {env: server.env, input: null});
	await waiting.until(/Waiting for standard input to end/);
	waiting.child.stdin.end();
	assert.equal((await waiting.ended).code, 0);

	const going = startProgram([...ask, '--no-stdin'], {
		env: server.env,
		input: null,
	});
	assert.equal((await going.ended).code, 0);
});

test('one failed instance leaves a marked answer and exit code 4', async t => {
	const server = await serve(t, {
		...two,
		b: [status(401, {error: {message: `Incorrect API key: ${secretKey}.`}})],
		arbiter: [sure],
	});
	const result = await runProgram(ask, {env: server.env});

	assert.equal(result.code, 4);
	assert.equal(result.stdout, 'It is **Paris**.\n');
	assert.match(result.stderr, /degraded/);
	assert.match(result.stderr, /! b#1 \(openai\/b\): /);
	assert.doesNotMatch(result.stderr, /sk-test/);
	assert.equal(server.heard('b').length, 1, 'a wrong key is not tried again');
});

test('all failed is exit code 5, with no answer and no call of the arbiter', async t => {
	const broken = [status(400, {error: {message: 'No such thing.'}})];
	const server = await serve(t, {a: broken, b: broken, arbiter: [sure]});
	const result = await runProgram(ask, {env: server.env});

	assert.equal(result.code, 5);
	assert.equal(result.stdout, '');
	assert.equal(server.heard('arbiter').length, 0);
	assert.match(result.stderr, /No such thing/);
});

for (const [name, script, code, stdout] of [
	[
		'that is malformed is asked once more',
		['<synthesis>It is Paris.</synthesis>', '<confidence>0.95</confidence>'],
		0,
		'It is Paris.\n',
	],
	[
		'that stays malformed stands as it is, degraded',
		['Just Paris, I guess.'],
		4,
		'Just Paris, I guess.\n',
	],
	['that says nothing is asked again', ['', sure], 0, 'It is **Paris**.\n'],
	[
		'that never says anything leaves an unweighed answer',
		[''],
		4,
		/^I think so\./,
	],
	[
		'that breaks for good leaves an unweighed answer',
		[status(400, {})],
		4,
		/^I think so\./,
	],
] as const) {
	test(`an arbiter ${name}`, async t => {
		const server = await serve(t, {...two, arbiter: script});
		const result = await runProgram([...ask, '--max-iterations', '1'], {
			env: server.env,
		});
		assert.equal(result.code, code, result.stderr);

		if (typeof stdout === 'string') {
			assert.equal(result.stdout, stdout);
		} else {
			assert.match(result.stdout, stdout);
		}
	});
}

test('an arbiter whose server fails is retried by the client, and each wait is an event', async t => {
	const server = await serve(t, {
		...two,
		arbiter: [
			status(500, {retryAfterMs: 1}),
			status(529, {retryAfterMs: 2}),
			sure,
		],
	});
	const result = await runProgram([...ask, '--events', '-q'], {
		env: server.env,
	});
	const waits = eventsOf(result).flatMap(event =>
		event.type === 'call-retry'
			? [[event.attempt, event.delayMs, event.startsOver]]
			: [],
	);
	assert.deepEqual(waits, [
		[1, 1, false],
		[2, 2, false],
	]);
	assert.equal(result.code, 0);
});

test('a rate limit with Retry-After is waited for, and the wait is known', async t => {
	const server = await serve(t, {
		...two,
		a: [status(429, {retryAfter: 1}), member('Paris')],
		arbiter: [sure],
	});
	const result = await runProgram(ask, {env: server.env});

	assert.equal(result.code, 0);
	assert.match(
		result.stderr,
		/a#1 attempt 1 of 3 failed: [^\n]* Trying again in 1\.0 s/,
	);
	assert.equal(server.heard('a').length, 2);
});

test('a stream that breaks starts over, and the log keeps what had come', async t => {
	const server = await serve(t, {
		...two,
		a: [
			cut(responsesText('These words were lost on the way.'), 8),
			member('Paris'),
		],
		arbiter: [sure],
	});
	const home = emptyFolder();
	const result = await runProgram([...ask, '--json'], {env: server.env, home});
	const [instance] = resultOf(result).iterations[0]!.instances;

	assert.equal(result.code, 0);
	assert.equal(instance!.state, 'answered');
	assert.match(instance!.brokenAttempts[0]!.text, /^These words/);
	assert.match(result.stderr, /Starting over in/);
	const shown = await runProgram(['runs', 'show', resultOf(result).runId], {
		home,
	});
	assert.match(shown.stdout, /These words/);
});

test('an answer cut by a token limit is weighed, marked, and does not degrade the run', async t => {
	const server = await serve(t, {
		...two,
		b: [
			responsesText('The beginning of', {
				end: {
					status: 'incomplete',
					incomplete_details: {reason: 'max_output_tokens'},
				},
			}),
		],
		arbiter: [sure],
	});
	const result = await runProgram(ask, {env: server.env});
	assert.equal(result.code, 0, result.stderr);
	assert.match(server.heard('arbiter')[0]!.raw, /cut off by a length limit/);
	assert.match(result.stderr, /b#1 \(openai\/b\): Its answer was cut off/);
});

test('a refusal is a state of its own', async t => {
	const server = await serve(t, {
		...two,
		b: [responsesText('I will not.', {isRefusal: true})],
		arbiter: [sure],
	});
	const result = await runProgram([...ask, '--json'], {env: server.env});
	assert.equal(result.code, 4);
	assert.equal(resultOf(result).iterations[0]!.instances[1]!.state, 'refused');
	assert.doesNotMatch(server.heard('arbiter')[0]!.raw, /I will not/);
});

test('malformed chunks of a stream are a failure that is tried again', async t => {
	const server = await serve(t, {
		...two,
		a: [
			withPiece(responsesText('Some words here.'), 4, 'data: {"broken\n\n'),
			member('Paris'),
		],
		arbiter: [sure],
	});
	const result = await runProgram(ask, {env: server.env});
	assert.equal(result.code, 0, result.stderr);
	assert.equal(server.heard('a').length, 2);
});

test('Ctrl+C in the middle of a stream ends with 130 and keeps what was said', async t => {
	const server = await serve(t, {
		...two,
		a: [stall(responsesText('These words came in time and no others.'), 9)],
	});
	const home = emptyFolder();
	const running = startProgram(ask, {env: server.env, home});
	await running.until(/b#1 answered/);
	running.child.kill('SIGINT');
	const {code, stdout, stderr} = await running.ended;

	assert.equal(code, 130);
	assert.equal(stdout, '');
	assert.match(stderr, /cancelled/);
	const id = /runs resume (?<id>[0-9a-z]{26})/.exec(stderr)!.groups!['id']!;
	const shown = await runProgram(['runs', 'show', id], {home});
	assert.match(shown.stdout, /cancelled/);
	assert.match(shown.stdout, /These words/);
	assert.equal(
		await server.heard('a')[0]!.leftEarly,
		true,
		'the server was told',
	);
});

for (const [signal, code] of [
	['SIGTERM', 143],
	['SIGHUP', 129],
] as const) {
	test(`${signal} ends the run with ${code}`, async t => {
		const server = await serve(t, {
			...two,
			a: [stall(responsesText('Words.'), 5)],
		});
		const running = startProgram(ask, {env: server.env});
		await running.until(/b#1 answered/);
		running.child.kill(signal);
		assert.equal((await running.ended).code, code);
	});
}

test('a reader who leaves ends the run quietly with 141', async t => {
	const words = verdictText({synthesis: 'word '.repeat(400)});
	const server = await serve(t, {
		...two,
		arbiter: [{...responsesText(words), betweenMs: 2}],
	});
	const running = startProgram([...ask, '-q'], {env: server.env});
	await running.until(/word/);
	running.child.stdout.destroy();
	const {code, stderr} = await running.ended;
	assert.equal(code, 141);
	assert.equal(stderr, '');
});

test('kill -9 loses at most the last quarter of a second, and the log can be read', async t => {
	const server = await serve(t, {
		...two,
		a: [stall(responsesText('These words were paid for.'), 9)],
	});
	const home = emptyFolder();
	const running = startProgram([...ask, '--events'], {env: server.env, home});
	await running.until(/"speaker":"b#1","purpose":"answer","outcome"/);
	await running.until(/paid/);
	// The log writes streamed text at least this often.
	await new Promise(resolve => {
		setTimeout(resolve, 400);
	});
	running.child.kill('SIGKILL');
	assert.equal((await running.ended).signal, 'SIGKILL');

	const listed = await runProgram(['runs'], {home});
	assert.match(listed.stdout, /interrupted/);
	const id = /[0-9a-z]{26}/.exec(listed.stdout)![0];
	const shown = await runProgram(['runs', 'show', id], {home});
	assert.match(shown.stdout, /These words were paid/);
	assert.match(shown.stdout, /b#1[^]*answered/);
});

test('--timeout starts nothing after it', async t => {
	const server = await serve(t, {
		...two,
		a: [{...responsesText(member('Paris')), latencyMs: 1500}],
	});
	const result = await runProgram([...ask, '--timeout', '1', '--json'], {
		env: server.env,
	});
	assert.equal(result.code, 6);
	assert.equal(resultOf(result).status, 'limited');
	assert.equal(server.heard('arbiter').length, 0);
	assert.match(resultOf(result).answer!, /I think so/);
});

test('--budget over a model of unknown price is refused and says how to give the price', async t => {
	const server = await serve(t, two);
	const result = await runProgram([...ask, '--budget', '0.5'], {
		env: server.env,
	});
	assert.equal(result.code, 2);
	assert.match(
		result.stderr,
		/price of openai\/a, openai\/b, openai\/arbiter is unknown/,
	);
	assert.match(result.stderr, /"prices"/);
	assert.equal(server.seen.length, 0);
});

test('--budget ends a run before the call that would exceed it', async t => {
	const usage = {input: 200, output: 1000};
	const server = await serve(t, {
		a: [responsesText(member('Paris'), {usage})],
		b: [responsesText(member('Lyon'), {usage})],
		arbiter: [responsesText(unsure, {usage})],
	});
	const home = emptyFolder();
	const price = {input: 1000, output: 1000};
	writeFileSync(
		path.join(home, 'config.json'),
		JSON.stringify({
			version: 1,
			settings: {
				prices: {'openai/a': price, 'openai/b': price, 'openai/arbiter': price},
			},
		}),
	);
	const result = await runProgram([...ask, '--budget', '6', '--json'], {
		env: server.env,
		home,
	});
	assert.equal(result.code, 6, result.stderr);
	assert.ok(
		resultOf(result).reasons.some(reason => reason.includes('budget of $6')),
	);
	assert.ok(resultOf(result).costUsd! < 6);
});

test('cached tokens are counted, and the price takes them into account', async t => {
	const usage = {input: 2000, output: 100, cached: 1800};
	const server = await serve(t, {
		a: [chatText(member('Paris'), {usage})],
		arbiter: [chatText(sure, {usage})],
	});
	const home = emptyFolder();
	const price = {input: 10, output: 20, cacheRead: 1};
	writeFileSync(
		path.join(home, 'config.json'),
		JSON.stringify({
			version: 1,
			endpoints: {far: {baseUrl: server.url, keyEnv: null, api: 'chat'}},
			settings: {prices: {'far/a': price, 'far/arbiter': price}},
		}),
	);
	const result = resultOf(
		await runProgram(
			['run', '-m', 'far/a', '--arbiter', 'far/arbiter', '--json', 'Why?'],
			{home},
		),
	);
	assert.equal(result.usage.cachedTokens, 3600);
	const each = (200 * 10 + 1800 * 1 + 100 * 20) / 1e6;
	assert.ok(Math.abs(result.costUsd! - 2 * each) < 1e-12);
	assert.equal(result.costIsComplete, true);
});

test('escape codes in an answer reach a pipe as they are, and never standard error', async t => {
	const server = await serve(t, {
		a: [`\u001B]0;owned\u0007${member('\u001B[31mred')}`],
		arbiter: [verdictText({synthesis: '\u001B[31mRed.'})],
	});
	const result = await runProgram(
		['run', '-m', 'openai/a', '--arbiter', 'openai/arbiter', 'Why?'],
		{env: server.env},
	);
	assert.equal(result.stdout, '\u001B[31mRed.\n');
	assert.doesNotMatch(result.stderr, /\u001B/);
});

test('a key is nowhere but in the request that needs it', async t => {
	const server = await serve(t, {
		...two,
		b: [
			status(401, {
				error: {message: `Wrong: ${secretKey}`},
				headers: {'x-request-id': `req ${secretKey}`},
			}),
		],
		arbiter: [sure],
	});
	const home = emptyFolder();
	const result = await runProgram([...ask, '-v', '--debug', '--events'], {
		env: server.env,
		home,
	});
	assert.equal(
		server.heard('a')[0]!.headers['authorization'],
		`Bearer ${secretKey}`,
	);
	assert.equal(result.code, 4);
	assert.doesNotMatch(result.stdout + result.stderr, /sk-test-secret/);
	const files = readdirSync(home);
	assert.ok(files.includes('log.db'));
	assert.ok(files.includes('debug.log'));

	for (const file of files) {
		assert.equal(
			readFileSync(path.join(home, file)).includes('sk-test-secret'),
			false,
			file,
		);
	}

	assert.doesNotMatch(
		readFileSync(path.join(home, 'debug.log'), 'utf8'),
		/Which city|I think so/,
		'nor is a prompt or an answer in the debug log',
	);
});

test('nothing is kept with --no-log or when logging is off', async t => {
	const server = await serve(t, {...two, arbiter: [sure]});
	const home = emptyFolder();
	await runProgram([...ask, '--no-log'], {env: server.env, home});
	assert.deepEqual(readdirSync(home), []);
	await runProgram(['logs', 'off'], {home});
	await runProgram(ask, {env: server.env, home});
	assert.deepEqual(readdirSync(home), ['logs-off']);
});

test('without a key, a local server or a consortium it names the three ways on', async () => {
	const {code, stderr} = await runProgram(['Why?']);
	assert.equal(code, 2);
	assert.match(stderr, /OPENAI_API_KEY[^]*Ollama[^]*-C demo/);
});

test('with a key and nothing else the default model answers three times', async t => {
	const server = await serve(t, {
		'gpt-6.1-sol': [member('x'), member('x'), member('x'), sure],
	});
	const result = resultOf(
		await runProgram(['--json', 'Why?'], {env: server.env}),
	);
	assert.deepEqual(
		result.iterations[0]!.instances.map(({id}) => id),
		['gpt-6.1-sol#1', 'gpt-6.1-sol#2', 'gpt-6.1-sol#3'],
	);
	assert.equal(result.status, 'converged');
});

test('whoever had a configuration is not given the choice made without one', async t => {
	const server = await serve(t, {'gpt-6.1-sol': ['Yes.'], a: ['Yes.']});
	const home = emptyFolder();
	const file = path.join(home, 'config.json');
	writeFileSync(file, '{"default": "trio",}');
	const options = {home, env: server.env};
	const first = await runProgram(['run', 'Why?'], options);
	const second = await runProgram(['run', 'Why?'], options);

	for (const {code, stdout, stderr} of [first, second]) {
		assert.equal(code, 2);
		assert.equal(stdout, '');
		assert.match(stderr, /nothing was called\.\n.*move it back/);
	}

	assert.match(first.stderr, /line 1 column 20/);
	assert.deepEqual(server.seen, []);

	const chosen = await runProgram(['run', '-m', 'openai/a', 'Why?'], options);
	assert.notEqual(chosen.stdout, '');

	for (const name of readdirSync(home)) {
		if (name.includes('.damaged-')) {
			unlinkSync(path.join(home, name));
		}
	}

	const gone = await runProgram(['run', 'Why?'], options);
	assert.notEqual(gone.stdout, '');
});

for (const words of [
	['-c', 'Why?'],
	['--cid', 'x', 'Why?'],
	['--dry-run', '--raw', 'Why?'],
	['--dry-run', '-o', 'x.json', 'Why?'],
	['--judging', 'betting', 'Why?'],
	['--strategy', 'betting', 'Why?'],
	['--json', '--events', 'Why?'],
	['--min-iterations', '4', 'Why?'],
	['--confidence-threshold', '150', 'Why?'],
	['-o', '/dev/null/x.json', 'Why?'],
	['-o', '/dev/null', 'Why?'],
	['-o', tmpdir(), 'Why?'],
	['--system', tmpdir(), 'Why?'],
	['--budget', '0', 'Why?'],
	['--timeout', '', 'Why?'],
	['-m', 'demo/x:99', 'Why?'],
	['--nonsense', 'Why?'],
]) {
	test(`“${words.join(' ')}” is refused in a sentence before anything is called`, async () => {
		const {code, stdout, stderr} = await runProgram([
			'run',
			'-C',
			'demo',
			...words,
		]);
		assert.equal(code, 2, stderr);
		assert.equal(stdout, '');
		assert.ok(stderr.split('\n').length <= 3, stderr);
		assert.match(stderr, /^[A-Z“"'/-].*\.\n/);
	});
}

test('the whole works against a mock of the providers written by others', async t => {
	const {url, mock, close} = await startMockServer();
	t.after(close);
	mock.onMessage(/Now weigh them/, {content: sure});
	mock.onMessage(/Which city/, {content: member('Paris')});
	const result = await runProgram([...ask, '--json'], {
		env: {OPENAI_BASE_URL: url, OPENAI_API_KEY: secretKey},
	});
	assert.equal(resultOf(result).answer, 'It is **Paris**.');
	assert.equal(result.code, 0);
});

test('an answer that ends without its mark is not taken for a whole one', async t => {
	const server = await serve(t, {
		...two,
		a: [endEarly(responsesText('Half of an ans'), 6)],
		arbiter: [sure],
	});
	const result = resultOf(
		await runProgram([...ask, '--json'], {env: server.env}),
	);
	const [instance] = result.iterations[0]!.instances;
	assert.equal(instance!.state, 'failed');
	assert.equal(instance!.failure!.kind, 'cut-off');
	assert.equal(instance!.brokenAttempts.length, 2);
	assert.equal(result.exitCode, 4);
});
