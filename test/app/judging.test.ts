import assert from 'node:assert/strict';
import {test} from 'node:test';
import {keys, leaveApp, openApp, saved} from '../helpers/app.js';
import {verdictText} from '../helpers/play.js';
import {serve} from '../helpers/scripted.js';
import {askedInApp} from '../helpers/strategy-app.js';

const config = (
	models: readonly string[],
	changes: Readonly<Record<string, unknown>>,
) => ({
	default: 'these',
	consortiums: {these: saved('these', models, changes)},
});

const said = (text: string) => [`${text}\n<confidence>0.7</confidence>`];

test('ranked answers are shown in their order, and the best is the answer', async t => {
	const server = await serve(t, {
		a: said('Alpha says so.'),
		b: said('Beta says so.'),
		arbiter: [
			'<ranking>A > B</ranking><margin>0.9</margin><confidence>0.9</confidence><needs_iteration>false</needs_iteration>',
		],
	});
	const screen = await openApp(t, {
		config: config(['openai/a', 'openai/b'], {judging: 'rank'}),
		env: server.env,
	});
	screen.press(`Who says so?${keys.enter}`);
	await screen.until(/converged/v);
	assert.match(screen.rows()[0]!, /default · rank · /v);
	assert.match(screen.text(), /(?:Alpha|Beta) says so\./v);
	screen.press(keys.tab);
	await screen.until(/order: [ab] > [ab]/v);
	await leaveApp(screen);
});

test('a panel is shown with the median of what its arbiters say, and that they disagree', async t => {
	const server = await serve(t, {
		a: said('Alpha says so.'),
		b: said('Beta says so.'),
		high: [verdictText({confidence: 0.95, synthesis: 'Both say so.'})],
		low: [verdictText({confidence: 0.45, synthesis: 'Hardly.'})],
	});
	const screen = await openApp(t, {
		config: config(['openai/a', 'openai/b'], {
			judging: 'panel',
			arbiters: [{model: 'openai/high'}, {model: 'openai/low'}],
			maxIterations: 1,
		}),
		env: server.env,
	});
	screen.press(`Who says so?${keys.enter}`);
	await screen.until(/confidence 70%/v);
	screen.press(keys.tab);
	await screen.until(/median 70% of high 95%, low 45%/v);
	assert.match(screen.text(), /panel high, low/v);
	await leaveApp(screen);
});

test('reviews among the members are shown as mean places', async t => {
	const review = '<ranking>A > B</ranking>';
	const server = await serve(t, {
		a: [...said('Alpha.'), review],
		b: [...said('Beta.'), review],
		c: [...said('Gamma.'), review],
		arbiter: [verdictText({confidence: 0.9, synthesis: 'They say so.'})],
	});
	const screen = await openApp(t, {
		config: config(['openai/a', 'openai/b', 'openai/c'], {judging: 'peer'}),
		env: server.env,
	});
	screen.press(`Who says so?${keys.enter}`);
	await screen.until(/converged/v);
	screen.press(keys.tab);
	await screen.until(/mean places: [abc] \d\.\d, [abc] \d\.\d/v);
	assert.match(screen.text(), /They say so\./v);
	await leaveApp(screen);
});

/**
A whole reply of an arbiter that puts answers in order or picks one.
*/
const ordered = (ranking: string, margin: number) =>
	[
		'<analysis>They were weighed.</analysis>',
		'<dissent></dissent>',
		`<groups>A|B</groups><ranking>${ranking}</ranking>`,
		`<margin>${margin}</margin><confidence>0.9</confidence>`,
		'<needs_iteration>false</needs_iteration>',
		'<refinement_areas></refinement_areas>',
	].join('\n');

for (const [what, second, found] of [
	['the same answer is best', 'B > A', /order: [ab] > [ab]/v],
	['another answer is best, it is a tie', 'A > B', /order: a tie: a = b/v],
] as const) {
	test(`after a close call the answers are judged in the opposite order: when ${what}`, async t => {
		const {screen, server, told} = await askedInApp(
			t,
			{
				a: said('Alpha says so.'),
				b: said('Beta says so.'),
				arbiter: [ordered('A > B', 0.1), ordered(second, 0.1)],
			},
			{judging: 'rank', maxIterations: 1},
		);
		await screen.until(/(?:Alpha|Beta) says so\.[^]*confidence \d0%/v);
		screen.press(keys.tab);
		await screen.until(found);
		assert.doesNotMatch(screen.text(), /gave no/v);
		assert.equal(server.heard('arbiter').length, 2);
		const log = await told();
		assert.match(log, /ranking of arbiter#1 in both orders/v);
		assert.match(log, /→ judge: Close call/v);
	});
}

test('the answer that is picked is given word for word', async t => {
	const {screen, told} = await askedInApp(
		t,
		{
			a: said('One of us says so.'),
			b: said('One of us says so.'),
			arbiter: [ordered('A', 0.9).replace(/<groups>.*<\/groups>/v, '')],
		},
		{judging: 'pick'},
	);
	await screen.until(/One of us says so\.[^]*confidence 90%/v);
	assert.match(screen.rows()[0]!, /default · pick/v);
	screen.press(keys.tab);
	await screen.until(/order: [ab]\s/v);
	assert.doesNotMatch(screen.text(), /gave no/v);
	assert.match(await told(), /choice of arbiter#1/v);
});
