import assert from 'node:assert/strict';
import {test} from 'node:test';
import {UserError} from '../../../source/core/user-error.js';
import {firstState} from '../../../source/ui/app-state.js';
import {createAppStore} from '../../../source/ui/app-store.js';
import {load} from '../../../source/ui/load.js';
import {costsOf} from '../../../source/ui/overlays/costs.js';
import {type Terminal} from '../../../source/ui/terminal.js';
import {createWorld} from '../../../source/world.js';
import {fakeModel} from '../../helpers/fake-model.js';
import {fillLog} from '../../helpers/filled-log.js';
import {play, verdictText} from '../../helpers/play.js';
import {emptyFolder} from '../../helpers/program.js';
import {servicesAt} from '../../helpers/services.js';

const dayMs = 86_400_000;

test('what was spent today is the sum of the calls of today', async t => {
	const home = emptyFolder();
	const {services} = servicesAt(t, {home});
	assert.equal(await services.spentToday(), null, 'there is no log yet');

	const world = createWorld();
	const cast = {
		opus: fakeModel([['Yes.']], {costUsd: 0.03}),
		luna: fakeModel([['No.']], {costUsd: null}),
		arbiter: fakeModel([[verdictText()]], {costUsd: 0.01}),
	};
	const today = await play(cast, {world});
	const before = await play(cast, {
		world: {
			...world,
			now: () => world.now() - 2 * dayMs,
			// Ids tell when they were made.
			newId: () => `0000000000${world.newId().slice(10)}`,
		},
	});
	fillLog(home, [before.events, today.events]);
	assert.equal(
		Number((await services.spentToday())!.toFixed(6)),
		0.04,
		'of what is unknown nothing is counted',
	);
});

test('to write a cold prefix anew costs the difference to reading it', async t => {
	const {services} = servicesAt(t, {env: {OPENAI_API_KEY: 'sk-test'}});
	const usd = await services.rereadUsd('openai/gpt-6.1-sol', 100_000);

	// A million costs 2 dollars, and 0.10 where it is cached.
	assert.equal(Number(usd!.toFixed(6)), 0.19);
});

test('a model that cannot be called any more leaves only its own price unknown', async t => {
	const {services} = servicesAt(t, {env: {OPENAI_API_KEY: 'sk-test'}});
	await assert.rejects(services.rereadUsd('gemini/gemini-4', 1000), UserError);
	const store = createAppStore(
		{...firstState({columns: 80, rows: 24}), overlays: [costsOf()]},
		{
			viewOf: () => assert.fail('No key is pressed.'),
			perform() {},
		},
	);
	const prefix = (transcriptId: string, model: string) => ({
		transcriptId,
		model,
		tokens: 100_000,
	});
	await load(
		{
			kind: 'rereads',
			prefixes: [
				prefix('a', 'gemini/gemini-4'),
				prefix('b', 'openai/gpt-6.1-sol'),
			],
		},
		{services, store, terminal},
	);
	const [overlay] = store.state().overlays;
	assert.equal(overlay?.type, 'costs');
	assert.deepEqual(
		overlay.rereadUsd
			.values()
			.map(usd => (usd === null ? null : Number(usd.toFixed(6))))
			.toArray(),
		[null, 0.19],
	);
});

const terminal: Terminal = {
	title() {},
	notify() {},
	copy: () => false,
	redraw() {},
	async suspend() {},
	lend: async work => work(),
	leave() {},
};
