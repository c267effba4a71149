import assert from 'node:assert/strict';
import {test} from 'node:test';
import {keys} from '../helpers/app.js';
import {verdictText} from '../helpers/play.js';
import {askedInApp, follows, says} from '../helpers/strategy-app.js';

const so = verdictText({confidence: 0.9, synthesis: 'So it is.'});

/**
What an embedding model says of three texts: the third is unlike the others.
*/
const embeddings = {
	headers: {'content-type': 'application/json'},
	body: [
		JSON.stringify({
			data: [
				[1, 0],
				[1, 0.1],
				[0, 1],
			].map((embedding, index) => ({index, embedding})),
			usage: {prompt_tokens: 9},
		}),
	],
};

test('without a strategy everyone is asked and weighed', async t => {
	const {screen, told} = await askedInApp(
		t,
		{a: [says('Alpha.')], b: [says('Beta.')], arbiter: [so]},
		follows(['default']),
	);
	await screen.until(/So it is\.[^]*confidence 90%/v);
	assert.match(screen.rows()[0]!, /default · any ≥ 80%/v);
	screen.press(keys.tab);
	await screen.until(/ended: The arbiter is done: its confidence of 90%/v);
	assert.doesNotMatch(screen.text(), /why:|saved:/v);
	assert.match(await told(), /→ stop: The arbiter is done: its confidence/v);
});

test('a vote is won without an arbiter, and each pane says on which side it was', async t => {
	const {screen, server, told} = await askedInApp(
		t,
		{
			a: [says('Six by nine.', '42')],
			b: [says('By hand.', '42')],
			c: [says('One more.', '43')],
			arbiter: [so],
		},
		follows(['voting']),
	);
	await screen.until(/vote 2 of 3, 69% certain/v);
	await screen.until(/✓ 1 a winner 70% .*✓ 3 c minority 70%/v);
	screen.press(keys.tab);
	await screen.until(
		/1 a winner ─ ✓ done[^]*2 b winner ─ ✓ done[^]*3 c minority ─ ✓ done/v,
	);
	await screen.until(/vote ─ ✓ no arbiter was asked · 2 of 3 say 42/v);
	screen.press(`3${keys.enter}`);
	await screen.until(/"42" won the vote of iteration 1 against it/v);
	screen.press(keys.escape);
	await screen.until(/Six by nine/v);
	assert.equal(server.heard('arbiter').length, 0);
	const log = await told();
	assert.match(log, /vote: 2 of 3, no arbiter was asked/v);
	assert.match(log, /winner, m1#1, m2#1: It says 42/v);
	assert.match(log, /minority, m3#1: "42" won the vote/v);
});

test('a role and a vote go together, and the role stands in the pane', async t => {
	const {screen, server, told} = await askedInApp(
		t,
		{
			a: [says('Six by nine.', '42')],
			b: [says('By hand.', '42')],
			arbiter: [so],
		},
		follows(
			[
				'role',
				{roles: ['skeptic', 'Count like a pirate.'], assign: 'in-order'},
			],
			['voting'],
		),
	);
	await screen.until(/2 of 2 say 42, which wins the vote/v);
	assert.match(screen.rows()[0]!, /role \+ voting/v);
	screen.press(keys.tab);
	await screen.until(/1 a winner · skeptic ─ ✓ done/v);
	await screen.until(/2 b winner · Count like a/v);
	assert.match(
		JSON.stringify(server.heard('b')[0]!.json),
		/Count like a pirate\./v,
	);
	assert.match(
		JSON.stringify(server.heard('a')[0]!.json),
		/Your role is the skeptic/v,
	);
	const log = await told();
	assert.match(log, /role, m1#1: Its role: skeptic/v);
	assert.match(log, /2 of 2 say 42, which wins the vote/v);
});

test('roles alone are dealt and told', async t => {
	const {screen, told} = await askedInApp(
		t,
		{a: [says('Alpha.')], b: [says('Beta.')], arbiter: [so]},
		follows(['role', {roles: ['skeptic', 'verifier']}]),
	);
	await screen.until(/So it is\.[^]*confidence 90%/v);
	screen.press(keys.tab);
	await screen.until(/[12] [ab] skeptic ─ ✓ done/v);
	assert.match(screen.text(), /[12] [ab] verifier ─ ✓ done/v);
	assert.match(await told(), /role, m[12]#1: Its role: verifier/v);
});

test('whoever is eliminated says so, is asked no more, and its saving is told', async t => {
	const ranking = (labels: string, confidence: number) =>
		verdictText({
			confidence,
			needsIteration: confidence < 0.8,
			synthesis: `At ${confidence}.`,
			ranking: labels,
		});
	const {screen, server, told} = await askedInApp(
		t,
		{
			a: [says('Alpha.')],
			b: [says('Beta.')],
			c: [says('Gamma.')],
			d: [says('Delta.')],
			arbiter: [
				ranking('A > B > C > D', 0.4),
				ranking('A > B', 0.5),
				ranking('A > B', 0.9),
			],
		},
		{...follows(['elimination']), maxIterations: 3},
	);
	await screen.until(/At 0\.9\.[^]*3 iterations/v);
	screen.press(keys.tab);
	await screen.until(/[a-d] eliminated ─ [^]*[a-d] eliminated ─ /v);
	await screen.until(/saved: 4 calls not made/v);
	assert.match(screen.text(), /from iteration 1/v);
	assert.equal(
		['a', 'b', 'c', 'd'].flatMap(name => server.heard(name)).length,
		8,
	);
	const log = await told();
	assert.match(log, /The best 2 of 4 go on, by mean rank so far: /v);
	assert.match(log, /eliminated, m\d#1: Eliminated after iteration 1: /v);
});

test('a weight stands in the pane and is told to the arbiter', async t => {
	const {screen, server, told} = await askedInApp(
		t,
		{
			a: [says('Alpha.', '42')],
			b: [says('Beta.', '43')],
			c: [says('Gamma.', '42')],
			arbiter: [so],
		},
		follows(['weighted', {weights: {m2: 5}}]),
	);
	await screen.until(/So it is\.[^]*confidence 90%/v);
	screen.press(keys.tab);
	await screen.until(/2 b ×5 ─ ✓ done/v);
	assert.match(
		JSON.stringify(server.heard('arbiter')[0]!.json),
		/do not count alike\. [^.]*[A-C] 5[,.]/v,
	);
	assert.match(await told(), /weight, m2#1: Its word counts 5\./v);
});

test('whoever stands apart in form is named and not heard, by wording and by an embedding model', async t => {
	const scripts = {
		a: [says('The cat sat on the mat today.')],
		b: [says('The cat sat on the mat today too.')],
		c: [says('Quantum flux destroys everything utterly.')],
		arbiter: [so],
		embed: [embeddings],
	};
	const byWords = await askedInApp(
		t,
		scripts,
		follows(['semantic', {threshold: 0.5}]),
	);
	await byWords.screen.until(/So it is\.[^]*confidence 90%/v);
	byWords.screen.press(keys.tab);
	await byWords.screen.until(/3 c outlier ─ ✓ done/v);
	await byWords.screen.until(
		/why: .*2 are alike \(form 0\.\d\d, which is no agreement\) and m3#1 stands/v,
	);
	assert.doesNotMatch(
		JSON.stringify(byWords.server.heard('arbiter')[0]!.json),
		/Quantum/v,
	);
	assert.match(await byWords.told(), /outlier, m3#1: /v);

	const {screen, told} = await askedInApp(
		t,
		scripts,
		follows(['semantic', {embedding: 'openai/embed'}]),
	);
	await screen.until(/So it is\.[^]*confidence 90%/v);
	screen.press(keys.tab);
	await screen.until(/[abc] outlier ─ ✓ done/v);
	await screen.until(
		/found out: compared the meaning of 3 answers with openai\/embed/v,
	);
	assert.match(await told(), /in the eyes of openai\/embed/v);
});
