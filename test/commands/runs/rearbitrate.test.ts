import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type RunResult} from '../../../source/core/result.js';
import {verdictText} from '../../helpers/play.js';
import {emptyFolder, runProgram} from '../../helpers/program.js';
import {serve} from '../../helpers/scripted.js';

const member = (final: string) =>
	`I think so.\n<final>${final}</final>\n<confidence>0.7</confidence>`;

test('stored answers are judged again by another arbiter, and no member is called', async t => {
	const server = await serve(t, {
		a: [member('Paris')],
		b: [member('Lyon')],
		arbiter: [verdictText({confidence: 0.9, synthesis: 'It is Lyon.'})],
		other: [verdictText({confidence: 0.95, synthesis: 'It is Paris.'})],
	});
	const home = emptyFolder();
	const options = {env: server.env, home};
	const first = await runProgram(
		[
			'run',
			'-m',
			'openai/a',
			'-m',
			'openai/b',
			'--arbiter',
			'openai/arbiter',
			'--json',
			'Which city?',
		],
		options,
	);
	const before = JSON.parse(first.stdout) as RunResult;
	const again = await runProgram(
		[
			'runs',
			'rearbitrate',
			before.runId,
			'--arbiter',
			'openai/other',
			'--json',
		],
		options,
	);
	const result = JSON.parse(again.stdout) as RunResult;

	assert.equal(again.code, 0, again.stderr);
	assert.equal(result.answer, 'It is Paris.');
	assert.notEqual(result.runId, before.runId);
	assert.equal(result.conversationId, before.conversationId);
	assert.deepEqual(
		result.iterations[0]!.instances.map(({carriedFrom}) => carriedFrom),
		[before.runId, before.runId],
	);
	assert.deepEqual(
		['a', 'b', 'arbiter', 'other'].map(name => server.heard(name).length),
		[1, 1, 1, 1],
	);

	const listed = await runProgram(['runs', 'list', '--json'], options);
	const kinds = (JSON.parse(listed.stdout) as Array<{kind: string}>).map(
		({kind}) => kind,
	);
	assert.deepEqual(kinds, ['ask', 'rearbitrate']);

	// What was judged again is what the conversation goes on with.
	await runProgram(['run', '-c', 'And the river?'], options);
	assert.match(server.heard('a').at(-1)!.raw, /It is Paris\./);
	assert.doesNotMatch(server.heard('a').at(-1)!.raw, /It is Lyon\./);
});

test('a run of an earlier question can be judged again without taking the place of later ones', async t => {
	const server = await serve(t, {
		a: [member('one'), member('two'), member('three')],
		arbiter: [
			verdictText({synthesis: 'First answer.'}),
			verdictText({synthesis: 'Second answer.'}),
			verdictText({synthesis: 'First answer, once more.'}),
			verdictText({synthesis: 'Third answer.'}),
		],
	});
	const home = emptyFolder();
	const options = {env: server.env, home};
	const words = ['-m', 'openai/a', '--arbiter', 'openai/arbiter'];
	const first = await runProgram(
		['run', ...words, '--json', 'First?'],
		options,
	);
	await runProgram(['run', '-c', 'Second?'], options);
	const {runId} = JSON.parse(first.stdout) as RunResult;
	const again = await runProgram(['runs', 'rearbitrate', runId, '-q'], options);
	assert.equal(again.stdout, 'First answer, once more.\n', again.stderr);

	await runProgram(['run', '-c', 'Third?'], options);
	const third = server.heard('a').at(-1)!.raw;
	assert.match(third, /Second answer\./);
	assert.match(third, /Third\?/);
});

test('what cannot be judged again is refused in a sentence', async t => {
	const server = await serve(t, {});
	const options = {env: server.env, home: emptyFolder()};
	const none = await runProgram(['runs', 'rearbitrate', '01abc'], options);
	assert.equal(none.code, 2);
	assert.match(none.stderr, /no log yet/);
});
