import assert from 'node:assert/strict';
import {mkdirSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test, type TestContext} from 'node:test';
import {changeConfig, readConfig} from '../../../source/config/config.js';
import {demo} from '../../../source/config/demo.js';
import {
	consortiumDefaults,
	type SavedConsortium,
} from '../../../source/core/consortium.js';
import {UserError} from '../../../source/core/user-error.js';
import {runOf} from '../../helpers/events.js';
import {fillLog} from '../../helpers/filled-log.js';
import {emptyFolder} from '../../helpers/program.js';
import {secretKey, serve} from '../../helpers/scripted.js';
import {servicesAt} from '../../helpers/services.js';
import {modelList} from '../../helpers/scenes.js';
import {startWirePlayer} from '../../helpers/wire-player.js';

const consortium = (
	name: string,
	changes: Partial<SavedConsortium> = {},
): SavedConsortium => ({
	...consortiumDefaults,
	name,
	members: [{slot: 'luna', model: 'gpt-6-luna', count: 2}],
	arbiters: [{model: 'gpt-6.1-sol'}],
	...changes,
});
const trio = consortium('trio');

async function withTrio(t: TestContext, env: Record<string, string> = {}) {
	const home = emptyFolder();
	await changeConfig(home, config => ({
		...config,
		default: 'trio',
		consortiums: {trio},
	}));
	return {...servicesAt(t, {home, env}), home};
}

const saved = async (home: string) => {
	const {config} = await readConfig(home);
	return {names: Object.keys(config.consortiums).toSorted(), config};
};

const saying = (message: RegExp) => (error: unknown) =>
	error instanceof UserError && message.test(`${error.message} ${error.hint}`);

test('a new consortium is saved under its name', async t => {
	const {services, home} = await withTrio(t);
	await services.saveConsortium(consortium('duo'), null);

	assert.deepEqual((await saved(home)).config.consortiums, {
		trio,
		duo: consortium('duo'),
	});
});

test('a name that is taken is overwritten only by whoever names it', async t => {
	const {services, home} = await withTrio(t);
	await services.saveConsortium(consortium('duo'), null);
	const changed = consortium('trio', {maxIterations: 9});

	for (const replaces of [null, 'duo', 'gone']) {
		await assert.rejects(
			services.saveConsortium(changed, replaces),
			saying(/"trio" exists/),
		);
	}

	assert.deepEqual((await saved(home)).config.consortiums['trio'], trio);
	await services.saveConsortium(changed, 'trio');
	const {config, names} = await saved(home);
	assert.deepEqual(config.consortiums['trio'], changed);
	assert.deepEqual(names, ['duo', 'trio']);
});

test('saved in place of another name it is renamed, and stays the default', async t => {
	const {services, home} = await withTrio(t);
	await services.saveConsortium(consortium('careful'), 'trio');
	const {config, names} = await saved(home);

	assert.deepEqual(names, ['careful']);
	assert.equal(config.default, 'careful');
	await services.saveConsortium(consortium('mine'), 'demo');
	assert.deepEqual((await saved(home)).names, ['careful', 'mine']);
});

for (const [what, given, message] of [
	['the name of the demo', consortium('demo'), /built in/],
	['a name that is none', consortium('a/b'), /cannot be called "a\/b"/],
	['no members', consortium('x', {members: []}), /at least one member/],
	[
		'too many iterations at least',
		consortium('x', {minIterations: 5}),
		/more than at most/,
	],
	[
		'options of a consortium inside',
		consortium('x', {arbiters: [{model: 'trio', options: {seed: 1}}]}),
		/"trio" is a saved consortium/,
	],
] as const) {
	test(`${what} cannot be saved, and a check says so unless it is the name`, async t => {
		const {services, home} = await withTrio(t, {OPENAI_API_KEY: secretKey});
		await assert.rejects(services.saveConsortium(given, null), saying(message));
		assert.deepEqual((await saved(home)).names, ['trio']);
		const {problems, forecast} = await services.checkConsortium(given);

		if (given.name === 'x') {
			assert.match(problems.join('\n'), message);
			assert.equal(forecast, null);
		} else {
			assert.deepEqual(problems, []);
		}
	});
}

test('a consortium may have a model of its own name', async t => {
	const {services, home} = await withTrio(t);
	const own = consortium('luna', {
		members: [{slot: 'luna', model: 'luna', count: 1}],
	});
	await services.saveConsortium(own, null);
	await services.saveConsortium({...own, maxIterations: 4}, 'luna');
	const {config} = await saved(home);

	assert.equal(config.consortiums['luna']?.maxIterations, 4);
});

test('one is removed, and is no default any more', async t => {
	const {services, home} = await withTrio(t);
	await services.removeConsortium('trio');
	const {config, names} = await saved(home);

	assert.deepEqual([names, config.default], [[], null]);
	await assert.rejects(services.removeConsortium('trio'), saying(/"trio"/));
	await assert.rejects(services.removeConsortium('demo'), saying(/built in/));
});

test('the default is any that is there', async t => {
	const {services, home} = await withTrio(t);
	await services.makeDefault('demo');
	assert.equal((await saved(home)).config.default, 'demo');
	await assert.rejects(
		services.makeDefault('tri'),
		saying(/"tri".*Did you mean "trio"/),
	);
	assert.equal((await saved(home)).config.default, 'demo');
});

test('one thing is changed by the name of its flag', async t => {
	const {services} = await withTrio(t);
	const changed = await services.changed(trio, 'max-iterations', '5');

	assert.deepEqual(changed, {...trio, maxIterations: 5});
	await assert.rejects(services.changed(trio, 'colour', 'x'), saying(/colour/));
});

test('a check tells what a question costs, and asks nobody', async t => {
	const server = await serve(t, {});
	const {services} = await withTrio(t, server.env);
	const {problems, warnings, forecast} = await services.checkConsortium(trio);

	assert.deepEqual([problems, warnings], [[], []]);
	assert.deepEqual([forecast?.low.calls, forecast?.high.calls], [3, 9]);
	assert.ok(forecast!.high.costUsd! > forecast!.low.costUsd!);
	assert.equal(forecast!.high.costIsComplete, true);
	assert.deepEqual(server.seen, []);
});

test('a check goes by the log where there is one', async t => {
	const {home, services} = await withTrio(t, {OPENAI_API_KEY: secretKey});
	const asked = consortium('duo', {
		members: [{slot: 'luna', model: 'openai/luna', count: 2}],
	});
	const before = await services.checkConsortium(asked);
	fillLog(home, [runOf('01a')]);
	const {forecast} = await services.checkConsortium(asked);

	assert.deepEqual(
		[before.forecast!.likely.iterations, forecast!.likely.iterations],
		[2, 2],
		'a run of other members tells how long they speak, not how often',
	);
	assert.deepEqual(
		[before.forecast!.low.outputTokens, forecast!.low.outputTokens],
		[3000, 30 + 30 + 1000],
	);
	assert.equal(forecast!.memory?.iterations, 2);
});

test('a check tells missing keys once for each provider, with what to do', async t => {
	const {services} = await withTrio(t);
	const {problems, forecast} = await services.checkConsortium(
		consortium('x', {
			members: [
				{slot: 'a', model: 'gpt-6-luna', count: 1},
				{slot: 'b', model: 'claude-opus-5-5', count: 1},
			],
		}),
	);

	assert.equal(problems.length, 2);
	assert.match(problems[0]!, /no key for openai\. .*keys set openai/);
	assert.match(problems[1]!, /no key for anthropic\. .*keys set anthropic/);
	assert.equal(forecast, null);
});

test('a check sees a key as soon as it is stored, and a template as soon as it is broken', async t => {
	const {services, home} = await withTrio(t);
	assert.equal((await services.checkConsortium(trio)).problems.length, 1);
	await services.storeKey('openai', secretKey);
	assert.deepEqual((await services.checkConsortium(trio)).problems, []);
	mkdirSync(join(home, 'prompts'));
	writeFileSync(join(home, 'prompts', 'member.md'), 'No blank.');
	const {problems} = await services.checkConsortium(trio);

	assert.match(problems.join('\n'), /member\.md/);
});

test('a check refuses options and budgets that cannot be, and warns of the odd', async t => {
	const {services} = await withTrio(t, {OPENAI_API_KEY: secretKey});
	const hot = await services.checkConsortium(
		consortium('x', {
			members: [
				{slot: 'a', model: 'gpt-6-luna', count: 1, options: {temperature: 3}},
			],
		}),
	);
	assert.match(hot.problems.join('\n'), /temperature/);
	const broke = await services.checkConsortium(
		consortium('x', {limits: {budgetUsd: 1e-6, timeoutSeconds: 60}}),
	);
	assert.match(broke.problems.join('\n'), /budget/i);
	const biased = await services.checkConsortium(
		consortium('x', {arbiters: [{model: 'gpt-6-luna'}]}),
	);
	assert.deepEqual(biased.problems, []);
	assert.match(biased.warnings.join('\n'), /weighs its own answer/);
});

test('nobody is warned of what was chosen for them', async t => {
	const {services} = servicesAt(t, {env: {OPENAI_API_KEY: secretKey}});
	const {choice} = await services.open();
	const check = await services.checkConsortium(choice.consortium);

	assert.deepEqual([check.problems, check.warnings], [[], []]);
	const own = {...choice.consortium, maxIterations: 2};
	assert.equal((await services.checkConsortium(own)).warnings.length, 1);
	assert.deepEqual((await services.checkConsortium(demo)).warnings, []);
});

for (const model of ['llama3.2', 'meta/llama3.2']) {
	test(`whose model ${model} is, a check does not ask: it says that it is asked later`, async t => {
		const player = await startWirePlayer(() => modelList(model));
		t.after(player.close);
		const {services, home} = await withTrio(t, {OPENAI_API_KEY: secretKey});
		await changeConfig(home, config => ({
			...config,
			endpoints: {lab: {baseUrl: player.url, keyEnv: null, api: 'chat'}},
		}));
		const {problems, warnings, forecast} = await services.checkConsortium(
			consortium('x', {members: [{slot: 'a', model, count: 3}]}),
		);

		assert.deepEqual(problems, []);
		assert.match(warnings.join('\n'), new RegExp(`model ${model} is`));
		assert.equal(forecast, null);
		assert.deepEqual(player.seen, []);
	});
}

test('models are those we know, those in use and those that are served; a server that is silent is left out', async t => {
	const player = await startWirePlayer(() => modelList('served'));
	const silent = await startWirePlayer(() => ({body: [], ending: 'stall'}));
	t.after(player.close);
	t.after(silent.close);
	const {services, home} = await withTrio(t, {OPENAI_API_KEY: secretKey});
	await changeConfig(home, config => ({
		...config,
		consortiums: {
			...config.consortiums,
			own: consortium('own', {arbiters: [{model: 'openai/gpt-own'}]}),
		},
		endpoints: {
			lab: {baseUrl: player.url, keyEnv: null, api: 'chat'},
			slow: {baseUrl: silent.url, keyEnv: null, api: 'chat'},
			closed: {baseUrl: silent.url, keyEnv: 'CLOSED_KEY', api: 'chat'},
		},
	}));
	const models = new Map(
		(await services.models()).map(model => [model.name, model]),
	);

	assert.deepEqual(models.get('lab/served'), {
		name: 'lab/served',
		isReady: true,
		inputUsd: 0,
		outputUsd: 0,
	});
	assert.equal(models.get('demo/careful')?.isReady, true);
	assert.equal(models.get('openai/gpt-own')?.isReady, true);
	assert.equal(models.get('openai/gpt-own')?.inputUsd, null);
	assert.equal(models.get('anthropic/claude-opus-5-5')?.isReady, false);
	assert.ok(models.get('anthropic/claude-opus-5-5')!.outputUsd! > 0);
	assert.equal(silent.seen.length, 1, 'the one without its key is not asked');
});

test('keys are told by their state alone, and stored only where they can be keys', async t => {
	const {services, home, notices} = await withTrio(t, {
		ANTHROPIC_API_KEY: secretKey,
	});
	await services.storeKey('openai', ` ${secretKey}x\n`);
	const keys = await services.keys();
	const of = (provider: string) =>
		keys.find(each => each.provider === provider);

	assert.deepEqual(of('openai'), {
		provider: 'openai',
		source: 'stored',
		variables: ['OPENAI_API_KEY'],
	});
	assert.equal(of('anthropic')?.source, 'ANTHROPIC_API_KEY');
	assert.equal(of('gemini')?.source, null);
	assert.doesNotMatch(JSON.stringify(keys), new RegExp(secretKey));
	const stored = readFileSync(join(home, 'keys.json'), 'utf8');
	assert.ok(stored.includes(`"${secretKey}x"`));

	for (const [provider, key, message] of [
		['openai', '   ', /No key/],
		['openai', 'two words', /spaces/],
		['openai', '/key openai', /slash/],
		['openai', 'sk-1234', /shorter/],
		['openia', secretKey, /no provider.*Did you mean "openai"/],
	] as const) {
		await assert.rejects(services.storeKey(provider, key), saying(message));
	}

	assert.equal(readFileSync(join(home, 'keys.json'), 'utf8'), stored);
	assert.deepEqual(notices, []);
});

test('who stores a key for a server that is not encrypted is warned', async t => {
	const {services, home, notices} = await withTrio(t);
	await changeConfig(home, config => ({
		...config,
		endpoints: {
			lab: {baseUrl: 'HTTP://lab.example/v1', keyEnv: 'LAB_KEY', api: 'chat'},
		},
	}));
	await services.storeKey('lab', secretKey);

	assert.match(notices.join('\n'), /not encrypted/);
	assert.deepEqual(readdirSync(home).toSorted(), ['config.json', 'keys.json']);
});
