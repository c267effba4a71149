import assert from 'node:assert/strict';
import {test} from 'node:test';
import {keys} from '../helpers/app.js';
import {verdictText} from '../helpers/play.js';
import {responsesText, stall} from '../helpers/scenes.js';
import {askedInApp, follows, says} from '../helpers/strategy-app.js';

const so = verdictText({confidence: 0.9, synthesis: 'So it is.'});
const same = says('So.', '42');
const tiers = follows(['tiered', {tiers: [['m1', 'm2'], ['m3']]}]);

test('a second tier is asked when the first one disagrees, and the panes say which is which', async t => {
	const {screen, told} = await askedInApp(
		t,
		{a: [says('No.', '41')], b: [same], c: [same], arbiter: [so]},
		tiers,
	);
	await screen.until(/So it is\.[^]*confidence 90%/v);
	screen.press(keys.tab);
	await screen.until(/1 a tier 1 ─ ✓ done.*2 b tier 1 ─ ✓ done.*3 c tier 2/v);
	await screen.until(
		/why: The answers disagree: 1 of 2 say the same\. Tier 2 is asked\./v,
	);
	assert.match(await told(), /Tier 2 is asked\. tier, m3#1: Tier 2 of 2\./v);
});

test('a tier that is enough spares the next one, which is told with the saving', async t => {
	const {screen, server, told} = await askedInApp(
		t,
		{a: [same], b: [same], c: [same], arbiter: [so]},
		tiers,
	);
	await screen.until(/So it is\.[^]*confidence 90%/v);
	await screen.until(/- 3 c not asked/v);
	screen.press(keys.tab);
	await screen.until(/ended: Tier 1 of 2 was enough\./v);
	await screen.until(/saved: 1 call not made/v);
	assert.equal(server.heard('c').length, 0);
	assert.match(await told(), /Tier 1 of 2 was enough\..*\(1 call not made\)/v);
});

test('waves end when the rest cannot change the outcome, with the proof and who was spared', async t => {
	const {screen, server, told} = await askedInApp(
		t,
		{
			a: [same],
			b: [same],
			c: [same],
			d: [same],
			e: [same],
			arbiter: [so],
		},
		follows(['adaptive']),
	);
	await screen.until(/So it is\.[^]*confidence 90%/v);
	screen.press(keys.tab);
	await screen.until(
		/[a-e] spared ─ - not asked[^]*[a-e] spared ─ - not asked/v,
	);
	await screen.until(/why: 3 of 3 say 42: .*2 not asked/v);
	await screen.until(/saved: 2 calls not made/v);
	const [stated] = /stated .*$/mv.exec(screen.text())!;
	const numbers = stated
		.matchAll(/(\d) 70%/gv)
		.map(([, number]) => Number(number))
		.toArray();
	assert.deepEqual(
		numbers,
		numbers.toSorted((one, other) => one - other),
	);
	assert.equal(numbers.length, 3);
	assert.equal(
		['a', 'b', 'c', 'd', 'e'].flatMap(name => server.heard(name)).length,
		3,
	);
	const log = await told();
	assert.match(log, /3 of 5 are asked first/v);
	assert.match(log, /spared, m\d#1, m\d#1: It was not asked in iteration 1\./v);
});

test('a quorum lets go of whoever is late, and keeps what it had said', async t => {
	const slow = stall(responsesText('Slowly and slowly it comes to be.'), 6);
	const {screen, told} = await askedInApp(
		t,
		{a: [same], b: [same], c: [slow], arbiter: [so]},
		follows(['quorum', {quorum: 2, grace: 0, graceShare: 0}]),
	);
	await screen.until(/So it is\.[^]*confidence 90%/v);
	screen.press(keys.tab);
	await screen.until(/3 c late ─ ■ let go/v);
	assert.match(
		await told(),
		/late, m3#1: Let go, since enough had answered: (?:what it had said|it had said nothing)/v,
	);
});
