import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type RunResult} from '../../source/core/result.js';
import {verdictText} from '../helpers/play.js';
import {emptyFolder, runProgram} from '../helpers/program.js';
import {serve} from '../helpers/scripted.js';

const member = (final: string) =>
	`I think so.\n<final>${final}</final>\n<confidence>0.7</confidence>`;
const scripts = {
	a: [member('Paris'), member('Seine'), member('Loire')],
	b: [member('Lyon'), member('Rhône'), member('Saône')],
	arbiter: [
		verdictText({synthesis: 'It is Paris.'}),
		verdictText({synthesis: 'It is the Seine.'}),
		verdictText({synthesis: 'It is the Loire.'}),
	],
};
const words = [
	'-m',
	'openai/a',
	'-m',
	'openai/b',
	'--arbiter',
	'openai/arbiter',
];

test('-c goes on with the latest conversation and its consortium after a restart', async t => {
	const server = await serve(t, scripts);
	const options = {env: server.env, home: emptyFolder()};
	const first = await runProgram(
		['run', ...words, '--json', 'Which city?'],
		options,
	);
	const second = await runProgram(
		['run', '-c', '--json', 'Which river?'],
		options,
	);
	const [before, result] = [first, second].map(
		({stdout}) => JSON.parse(stdout) as RunResult,
	);

	assert.equal(second.code, 0, second.stderr);
	assert.equal(result!.conversationId, before!.conversationId);
	assert.deepEqual(
		result!.iterations[0]!.instances.map(({transcriptId}) => transcriptId),
		before!.iterations[0]!.instances.map(({transcriptId}) => transcriptId),
	);

	const [one, two] = server
		.heard('a')
		.map(({json}) => json['input'] as Array<Record<string, unknown>>);
	assert.deepEqual(two!.slice(0, 1), one, 'the first request stays as it was');
	assert.equal(two!.length, 3);
	assert.match(JSON.stringify(two![1]), /I think so/);
	assert.match(JSON.stringify(two![2]), /It is Paris\..*Which river\?/s);

	const arbiter = server.heard('arbiter').at(-1)!.raw;
	assert.match(arbiter, /Which city\?.*It is Paris\..*Which river\?/s);
});

test('--cid takes the beginning of an id, and the latest activity is not the latest question', async t => {
	const server = await serve(t, scripts);
	const options = {env: server.env, home: emptyFolder()};
	const ask = async (...more: string[]) => {
		const {stdout, stderr} = await runProgram(
			['run', ...more, '--json'],
			options,
		);
		assert.notEqual(stdout, '', stderr);
		return (JSON.parse(stdout) as RunResult).conversationId;
	};

	const one = await ask(...words, 'First of one?');
	const other = await ask(...words, 'First of the other?');
	assert.notEqual(one, other);
	assert.equal(await ask('--cid', one.slice(0, 25), 'Second of one?'), one);
	assert.equal(await ask('-c', 'Third of one?'), one);
});

test('other flags change what the conversation asks, and whoever starts anew is named', async t => {
	const server = await serve(t, scripts);
	const options = {env: server.env, home: emptyFolder()};
	await runProgram(['run', ...words, 'Which city?'], options);
	const {stderr, code} = await runProgram(
		['run', '-c', '--system', 'Be brief.', 'Which river?'],
		options,
	);

	assert.equal(code, 0, stderr);
	assert.match(stderr, /a#1, b#1: another model or system prompt than before/);
	const [message] = server.heard('a').at(-1)!.json['input'] as unknown[];
	assert.match(
		JSON.stringify(message),
		/Which city\?.*It is Paris\..*Which river\?/s,
		'the thread is told in one message',
	);

	const third = await runProgram(
		[
			'run',
			'-c',
			'-m',
			'openai/a',
			'-m',
			'openai/c',
			'--system',
			'Be brief.',
			'And?',
		],
		options,
	);
	assert.match(third.stderr, /c#1: new to the conversation/);
	assert.doesNotMatch(third.stderr, /a#1:/);
});

test('what cannot be gone on with is refused before anything is called', async t => {
	const server = await serve(t, scripts);
	const options = {env: server.env, home: emptyFolder()};
	const refusal = async (...more: string[]) => {
		const {code, stderr} = await runProgram(
			['run', ...words, ...more, 'Which city?'],
			options,
		);
		assert.equal(code, 2);
		return stderr;
	};

	assert.match(await refusal('-c'), /no conversation to go on with/);
	assert.match(await refusal('-c', '--cid', '01'), /exclude one another/);
	await runProgram(['run', ...words, 'Which city?'], options);
	assert.match(await refusal('--cid', 'nothing'), /no conversation `nothing`/);
	assert.equal(server.heard('a').length, 1);
});

test('with --no-cache-markers no key goes to the provider', async t => {
	const server = await serve(t, scripts);
	const options = {env: server.env, home: emptyFolder()};
	await runProgram(['run', ...words, 'Which city?'], options);
	await runProgram(
		['run', '-c', '--no-cache-markers', 'Which river?'],
		options,
	);
	const [first, second] = server
		.heard('a')
		.map(({json}) => json['prompt_cache_key']);

	assert.equal(typeof first, 'string');
	assert.equal(second, undefined);
});

test('a consortium that was saved otherwise since is asked as it was, which is said', async t => {
	const server = await serve(t, scripts);
	const options = {env: server.env, home: emptyFolder()};
	await runProgram(['save', 'pair', ...words], options);
	await runProgram(['run', '-C', 'pair', 'Which city?'], options);
	const same = await runProgram(['run', '-c', 'Which river?'], options);
	assert.doesNotMatch(same.stderr, /saved otherwise/);

	await runProgram(['edit', 'pair', '--system', 'Be brief.'], options);
	const changed = await runProgram(['run', '-c', 'Which sea?'], options);
	assert.match(changed.stderr, /-C pair asks that one/);
	const now = await runProgram(
		['run', '-c', '-C', 'pair', 'And now?'],
		options,
	);
	assert.doesNotMatch(now.stderr, /-C pair asks that one/);
	assert.match(now.stderr, /a#1, b#1: another model or system prompt/);
});
