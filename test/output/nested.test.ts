import assert from 'node:assert/strict';
import {test} from 'node:test';
import {runsHtml} from '../../source/output/export-html.js';
import {runsMarkdown} from '../../source/output/export-markdown.js';
import {createProgressLines} from '../../source/output/progress-lines.js';
import {costsBySpeaker, costsOfRun} from '../../source/output/run-costs.js';
import {insideText} from '../../source/text/inside.js';
import {pictureOf} from '../helpers/derived.js';
import {fakeModel} from '../helpers/fake-model.js';
import {consortiumOf, play, verdictText} from '../helpers/play.js';

const cast = {
	a: fakeModel([['Alpha </details> `` ``` <script>']]),
	b: fakeModel([['Beta.']]),
	judge: fakeModel([[verdictText({synthesis: verdictText()})]]),
	arbiter: fakeModel([[verdictText()]], {costUsd: 0.5}),
};

const played = async (arbiter: string) =>
	play(cast, {
		consortiums: new Map([
			[
				'pair',
				consortiumOf(
					{},
					{
						name: 'pair',
						members: ['a', 'b'].map(model => ({slot: model, model, count: 1})),
						arbiters: [{model: 'judge'}],
					},
				),
			],
		]),
		consortium: {
			members: ['pair', 'b'].map(model => ({slot: model, model, count: 1})),
			arbiters: [{model: arbiter}],
		},
	});

test('an export holds what was said inside, as a quotation or folded away', async () => {
	for (const arbiter of ['arbiter', 'pair']) {
		const {events} = await played(arbiter);
		const run = pictureOf(events);
		const markdown = runsMarkdown([run]);
		const html = runsHtml([run]);
		const count = arbiter === 'pair' ? 2 : 1;

		assert.match(markdown, /^> \*\*Inside pair#1\*\*: /mv);
		assert.match(markdown, /^> ### a#1 \\?\(a\\?\)$/mv);
		assert.match(markdown, /^> ````text\n> Alpha <\/details>/mv);
		assert.equal(markdown.match(/\*\*Inside /gv)!.length, count);
		assert.equal(html.match(/<summary dir="auto">Inside /gv)!.length, count);
		assert.match(html, /Alpha &lt;\/details&gt;/v);
		assert.doesNotMatch(html, /<script/v);
	}
});

test('progress says what happens inside, indented under the name of who it is inside of', async () => {
	const lines: string[] = [];
	const {listen} = createProgressLines(line => {
		lines.push(line);
	});
	const {events} = await played('pair');

	for (const event of events) {
		listen(event);
	}

	const inside = lines.filter(line => line.startsWith('    '));
	assert.ok(inside.includes('    pair#1 → iteration 1: 2 asked'));
	assert.ok(inside.some(line => /^ {4}arbiter#1 → ✓ b#1 answered/v.test(line)));
	assert.equal(
		lines.filter(line => line.includes('arbiter ')).length,
		1,
		'one run begins, for a reader',
	);
});

test('what goes on inside is said in a line at every moment', async () => {
	const {events} = await played('arbiter');
	const told = new Set<string>();

	for (const index of events.keys()) {
		const {calls} = pictureOf(events.slice(0, index + 1));

		for (const {nested} of calls.values()) {
			if (nested) {
				told.add(insideText(nested));
			}
		}
	}

	assert.deepEqual(
		[...told],
		[
			'begins',
			'0 of 2 answered',
			'1 of 2 answered',
			'2 of 2 answered',
			'2 of 2 answered · arbiter reading',
			'2 of 2 answered · arbiter answering',
			'2 of 2 answered · arbiter done',
			'2 of 2 answered · converged',
		],
	);
});

test('who it was that cost something is told once', async () => {
	const {events} = await played('arbiter');
	const run = pictureOf(events);

	assert.deepEqual(
		costsBySpeaker(run).map(({speaker, calls, costUsd}) => [
			speaker,
			calls,
			costUsd!.toFixed(2),
		]),
		[
			['pair#1', 1, '0.03'],
			['b#1', 1, '0.01'],
			['arbiter#1', 1, '0.50'],
		],
	);
	assert.equal(costsOfRun(run).costUsd!.toFixed(2), '0.54');
});
