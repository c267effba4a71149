import assert from 'node:assert/strict';
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmdirSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import Database from 'better-sqlite3';
import {
	consortiumDefaults,
	type SavedConsortium,
} from '../../../source/core/consortium.js';
import {type RunEvent} from '../../../source/core/events.js';
import {createRunControl} from '../../../source/core/run-control.js';
import {emptyRun, foldRun} from '../../../source/core/run-state.js';
import {UserError} from '../../../source/core/user-error.js';
import {switchLog} from '../../../source/store/log-switch.js';
import {type RunRequest, type Services} from '../../../source/ui/services.js';
import {brokenRules} from '../../helpers/grammar.js';
import {verdictText} from '../../helpers/play.js';
import {emptyFolder} from '../../helpers/program.js';
import {status} from '../../helpers/scenes.js';
import {secretKey, serve} from '../../helpers/scripted.js';
import {servicesAt} from '../../helpers/services.js';

const duo: SavedConsortium = {
	...consortiumDefaults,
	name: 'duo',
	members: ['a', 'b'].map(slot => ({
		slot,
		model: `openai/${slot}`,
		count: 1,
	})),
	arbiters: [{model: 'openai/arbiter'}],
};
const scripts = {
	a: ['Paris, I say.'],
	b: ['Paris, too.'],
	arbiter: [verdictText({synthesis: 'It is Paris.'})],
};

/**
Ask, and keep what was heard.
*/
async function ask(
	services: Services,
	prompt: string,
	changes: Partial<RunRequest> = {},
) {
	const events: RunEvent[] = [];
	const result = await services.run(
		{
			consortium: duo,
			prompt,
			conversation: services.newConversation(),
			control: createRunControl(),
			signal: new AbortController().signal,
			from: null,
			confirm: async () => false,
			...changes,
		},
		event => {
			events.push(event);
		},
	);
	return {events, result};
}

test('a question is answered, told event by event, and logged', async t => {
	const server = await serve(t, scripts);
	const {services, home, close, notices} = servicesAt(t, {env: server.env});
	const {events, result} = await ask(services, 'Which city?');

	assert.equal(result.answer, 'It is Paris.');
	assert.deepEqual(brokenRules(events), []);
	const [entry] = await services.conversations('paris city', null);
	assert.equal(entry?.id, result.conversationId);
	assert.equal(entry.title, 'Which city?');
	const [picture] = await services.openConversation(entry.id);
	const heard = emptyRun();

	for (const event of events) {
		foldRun(heard, event);
	}

	assert.deepEqual(picture?.result, heard.result);
	assert.equal(picture?.iterations.length, 1);
	assert.equal(statSync(join(home, 'log.db')).mode & 0o777, 0o600);
	await close();
	assert.deepEqual(readdirSync(home), ['log.db']);
	assert.deepEqual(notices, []);
});

test('when an event is heard, the log has heard it', async t => {
	const server = await serve(t, scripts);
	const {services, home} = servicesAt(t, {env: server.env});
	const statuses: unknown[] = [];
	const log = () => new Database(join(home, 'log.db'), {readonly: true});
	await services.run(
		{
			consortium: duo,
			prompt: 'Which city?',
			conversation: services.newConversation(),
			control: createRunControl(),
			signal: new AbortController().signal,
			from: null,
			confirm: async () => false,
		},
		event => {
			if (event.type === 'run-end') {
				const open = log();
				statuses.push(
					open.prepare('SELECT status FROM consortium_runs').pluck().get(),
				);
				open.close();
			}
		},
	);

	assert.deepEqual(statuses, ['converged']);
});

test('a conversation goes on: whoever answered before is told only what is new', async t => {
	const server = await serve(t, scripts);
	const {services} = servicesAt(t, {env: server.env});
	const conversation = services.newConversation();
	await ask(services, 'Which city?', {conversation});
	await ask(services, 'And the river?', {conversation});
	const [first, second] = server
		.heard('a')
		.map(({json}) => JSON.stringify(json['input']));

	assert.ok(second!.startsWith(first!.slice(0, -1)));
	const [entry, ...others] = await services.conversations('', null);
	assert.deepEqual(others, []);
	assert.equal(entry?.turns, 2);
	const pictures = await services.openConversation(conversation.id);
	assert.deepEqual(
		pictures.map(({start}) => start?.prompt),
		['Which city?', 'And the river?'],
	);
});

test('without an arbiter the strongest one with a key weighs the answers', async t => {
	const server = await serve(t, {
		...scripts,
		'gpt-6.1-sol': scripts.arbiter,
	});
	const {services} = servicesAt(t, {env: server.env});
	const {result} = await ask(services, 'Which city?', {
		consortium: {...duo, arbiters: []},
	});

	assert.deepEqual(result.consortium.arbiters, [{model: 'openai/gpt-6.1-sol'}]);
	assert.equal(server.heard('gpt-6.1-sol').length, 1);
});

test('with --no-log nothing is made on disk; what was asked is known for the session', async t => {
	const server = await serve(t, scripts);
	const {services, home} = servicesAt(t, {
		env: server.env,
		words: ['--no-log'],
	});
	const {result} = await ask(services, 'Which city?');
	await services.remember('Which city?');

	assert.equal(result.answer, 'It is Paris.');
	assert.deepEqual(await services.history(), ['Which city?']);
	assert.deepEqual(await services.conversations('', null), []);
	await assert.rejects(
		services.rate(result.runId, null, 1),
		(error: unknown) => error instanceof UserError,
	);
	assert.deepEqual(readdirSync(home), []);
});

test('the log can be switched off and on while the app is open', async t => {
	const server = await serve(t, scripts);
	const {services, home} = servicesAt(t, {env: server.env});
	await ask(services, 'Kept');
	switchLog(home, false);
	await ask(services, 'Not kept');
	await services.remember('Not kept');
	switchLog(home, true);
	await ask(services, 'Kept again');
	await services.remember('Kept again');
	const titles = (await services.conversations('', null)).map(
		({title}) => title,
	);

	assert.deepEqual(titles, ['Kept again', 'Kept']);
	const file = readFileSync(join(home, 'history.jsonl'), 'utf8');
	assert.equal(file.trim(), '"Kept again"');
});

test('no key gets into the log or the debug log, also one that was stored meanwhile', async t => {
	const later = 'stored-only-later';
	const server = await serve(t, {
		...scripts,
		b: [
			status(401, {
				error: {message: `Incorrect key: ${secretKey} or ${later}`},
			}),
		],
	});
	const {services, home, close} = servicesAt(t, {
		env: server.env,
		isDebug: true,
	});
	await ask(services, 'First');
	await services.storeKey('openrouter', later);
	const {result} = await ask(services, 'Second');
	await close();

	assert.equal(result.status, 'degraded');
	const files = ['log.db', 'debug.log'].map(name =>
		readFileSync(join(home, name), 'latin1'),
	);
	assert.match(files[1]!, /"type":"run-end"/);
	assert.match(files.join(''), /\[key\]/);
	assert.doesNotMatch(files.join(''), new RegExp(secretKey));
	const log = new Database(join(home, 'log.db'), {readonly: true});
	const failures = log
		.prepare<[], string>(
			"SELECT failure FROM consortium_calls WHERE speaker = 'b#1' ORDER BY id",
		)
		.pluck()
		.all();
	log.close();
	assert.match(failures[0]!, new RegExp(later), 'it was no key then');
	assert.doesNotMatch(failures[1]!, new RegExp(later));
});

test('a missing key is said before anything is called or logged', async t => {
	const {services, home} = servicesAt(t);

	await assert.rejects(
		ask(services, 'Which city?'),
		(error: unknown) =>
			error instanceof UserError && error.message.includes('no key for openai'),
	);
	assert.deepEqual(readdirSync(home), []);
});

test('a log that cannot be opened is said before anything is called; put right, it is used', async t => {
	const server = await serve(t, scripts);
	const home = emptyFolder();
	mkdirSync(join(home, 'log.db'));
	const {services} = servicesAt(t, {home, env: server.env});

	await assert.rejects(
		ask(services, 'Which city?'),
		(error: unknown) =>
			error instanceof UserError && error.message.includes('log.db'),
	);
	assert.deepEqual(server.seen, []);
	rmdirSync(join(home, 'log.db'));
	await ask(services, 'Which city?');
	assert.equal((await services.conversations('', null)).length, 1);
});

test('while a daily limit is unknown only simulated models are called', async t => {
	const server = await serve(t, scripts);
	const {services, home} = servicesAt(t, {env: server.env});
	writeFileSync(join(home, 'config.json'), '{"dailyLimitUsd": 5');
	await assert.rejects(
		ask(services, 'Which city?'),
		(error: unknown) =>
			error instanceof UserError && error.message.includes('daily limit'),
	);

	const control = createRunControl();
	const refusals: Array<string | null> = [];
	const result = await services.run(
		{
			consortium: {
				...duo,
				members: [{slot: 'a', model: 'demo/a', count: 1}],
				arbiters: [{model: 'demo/arbiter'}],
			},
			prompt: 'Which city?',
			conversation: services.newConversation(),
			control,
			signal: new AbortController().signal,
			from: null,
			confirm: async () => false,
		},
		event => {
			if (event.type === 'call-start' && refusals.length === 0) {
				control.swap('a#1', 'openai/gpt-6.1-sol');
			} else if (event.type === 'control') {
				refusals.push(event.refusal);
			}
		},
	);
	assert.equal(result.simulated, true);
	assert.match(refusals[0]!, /daily limit of \$0 would be exceeded/);
	assert.deepEqual(server.seen, []);
});

test('a log that breaks is told as a notice, and the run goes on', async t => {
	const server = await serve(t, scripts);
	const {services, home, notices} = servicesAt(t, {env: server.env});
	await ask(services, 'Kept');
	const log = new Database(join(home, 'log.db'));
	log.exec('DROP TABLE consortium_calls');
	log.close();
	const {result} = await ask(services, 'Which city?');

	assert.equal(result.answer, 'It is Paris.');
	assert.equal(notices.length, 1);
	assert.match(notices[0]!, /log\.db cannot be written: .*The run goes on\./);
});

test('a run is cancelled by its signal and stopped by its control', async t => {
	const server = await serve(t, scripts);
	const {services} = servicesAt(t, {env: server.env});
	const abort = new AbortController();
	abort.abort();
	const {result} = await ask(services, 'Which city?', {signal: abort.signal});

	assert.equal(result.status, 'cancelled');
	assert.deepEqual(server.seen, []);
});

test('own templates are used, and kept with the log', async t => {
	const server = await serve(t, scripts);
	const {services, home} = servicesAt(t, {env: server.env});
	mkdirSync(join(home, 'prompts'));
	writeFileSync(join(home, 'prompts', 'arbiter.md'), 'Weigh them gently.');
	await ask(services, 'Which city?');

	assert.match(server.heard('arbiter')[0]!.raw, /Weigh them gently\./);
	assert.ok(existsSync(join(home, 'log.db')));
	const log = new Database(join(home, 'log.db'), {readonly: true});
	const texts = log
		.prepare<[], string>('SELECT text FROM consortium_templates')
		.pluck()
		.all();
	log.close();
	assert.ok(texts.includes('Weigh them gently.'));
});
