import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {test} from 'node:test';
import {type RunEvent} from '../../source/core/events.js';
import {type RunState} from '../../source/core/run-state.js';
import {runsHtml} from '../../source/output/export-html.js';
import {runsMarkdown} from '../../source/output/export-markdown.js';
import {storyOf} from '../../source/output/export-story.js';
import {pictureOf} from '../helpers/derived.js';
import {runOf} from '../helpers/events.js';
import {failure, fakeModel} from '../helpers/fake-model.js';
import {hostileTexts, timersHaveRun} from '../helpers/hostile-text.js';
import {play, verdictText} from '../helpers/play.js';

const says = (final: string, confidence = 0.7) => [
	`So it is.\n<final>${final}</final>\n<confidence>${confidence}</confidence>`,
];

/**
Two iterations: one of three disagrees, then gives in; one has failed from the beginning.
*/
async function argued(): Promise<RunState> {
	const {events} = await play(
		{
			paris: fakeModel([says('Paris', 0.7), says('Paris', 0.9)]),
			prague: fakeModel([says('Paris'), says('Paris')]),
			lyon: fakeModel([says('Lyon', 0.4), says('Paris', 0.8)]),
			mute: fakeModel([[{failure: failure()}]]),
			arbiter: fakeModel(
				[
					[
						verdictText({
							confidence: 0.5,
							needsIteration: true,
							areas: ['the year'],
							dissent: '<point by="C">It was Lyon once.</point>',
							synthesis: 'Perhaps Paris.',
						}),
					],
					[
						verdictText({
							confidence: 0.9,
							dissent: '<point by="A">It is not settled.</point>',
							synthesis: 'Paris.',
						}),
					],
				],
				{costUsd: 0.25},
			),
		},
		{prompt: 'Which city?'},
	);

	return pictureOf(events);
}

/**
The same text in every place of a run where a model or a person writes.
*/
function saying(text: string): RunState {
	const put = (value: unknown, key = ''): unknown =>
		typeof value === 'string'
			? [
					'text',
					'final',
					'message',
					'prompt',
					'answer',
					'synthesis',
					'analysis',
					'raw',
					'name',
				].includes(key)
				? text
				: value
			: Array.isArray(value)
				? value.map(each =>
						typeof each === 'string' &&
						['reasons', 'problems', 'refinementAreas'].includes(key)
							? text
							: put(each),
					)
				: value !== null && typeof value === 'object'
					? Object.fromEntries(
							Object.entries(value).map(([name, each]) => [
								name,
								put(each, name),
							]),
						)
					: value;

	return pictureOf(runOf('01a').map(event => put(event) as RunEvent));
}

/**
What a browser would find in a page: its elements with their attributes, by the rules that hold outside of styles.
*/
function elementsOf(page: string): string[] {
	const body = page.replace(/<style>.*?<\/style>/s, '');
	return Array.from(body.matchAll(/<[a-z!/][^>]*>/gi), ([element]) => element);
}

test('the story of a run has who agreed, who changed and what it cost', async () => {
	const story = storyOf(await argued())!;
	const [first, second] = story.iterations;
	const told = (answers: typeof first) =>
		answers?.answers.map(({instance, state, final, group, change}) => [
			instance,
			state,
			final,
			group,
			change?.isKept ?? null,
		]);

	assert.equal(story.verdict?.synthesis, 'Paris.');
	assert.deepEqual(told(first), [
		['paris#1', 'answered', 'Paris', 'A', null],
		['prague#1', 'answered', 'Paris', 'A', null],
		['lyon#1', 'answered', 'Lyon', 'B', null],
		['mute#1', 'failed', null, null, null],
	]);
	assert.deepEqual(told(second), [
		['paris#1', 'answered', 'Paris', 'A', true],
		['prague#1', 'answered', 'Paris', 'A', true],
		['lyon#1', 'answered', 'Paris', 'A', false],
		['mute#1', 'failed', null, null, null],
	]);
	assert.deepEqual(
		story.costs.map(({speaker, calls, costUsd}) => [speaker, calls, costUsd]),
		[
			['paris#1', 2, 0.02],
			['prague#1', 2, 0.02],
			['lyon#1', 2, 0.02],
			['mute#1', 2, 0.02],
			['arbiter#1', 2, 0.5],
		],
	);
	assert.equal(story.total.calls, 10);
});

test('Markdown tells question, answer, dissent, agreement, answers and costs in order', async () => {
	const page = runsMarkdown([await argued()]);
	const order = [
		'# Run ',
		'## Question\n\n```text\nWhich city?\n```',
		'## Answer (confidence 90%)\n\n```text\nParis.\n```',
		'## Dissent',
		'It is not settled.',
		'## Why it ended',
		'## From iteration to iteration',
		'| lyon#1 | B · Lyon · 40% | A · Paris · 80% |',
		'| **arbiter** | 50% | 90% |',
		'## Iteration 1',
		'- **Group A**: paris#1, prague#1',
		'- **Group B**: lyon#1',
		'- **With nobody**: mute#1',
		'### lyon#1 (lyon)',
		'final: Lyon',
		'### mute#1 (mute)',
		'✗ failed · confidence not stated',
		'### Verdict of arbiter#1',
		'It was Lyon once.',
		'- to refine: the year',
		'## Iteration 2',
		'changed from “Lyon” to “Paris”',
		'## Costs',
		'| arbiter#1 | arbiter | 2 | 20 |',
		'| all |',
	];
	const places = order.map(part => page.indexOf(part));

	assert.deepEqual(
		order.filter((_, index) => places[index] === -1),
		[],
	);
	assert.deepEqual(
		places.toSorted((left, right) => left - right),
		places,
	);
});

test('a page of HTML has the dissent beside the answer, groups with their names, bars with their numbers', async () => {
	const page = runsHtml([await argued()]);

	for (const part of [
		'<title>Which city?</title>',
		'<aside class="dissent">',
		'It is not settled.',
		'aria-label="confidence 90%, threshold 80%"',
		'aria-label="arbiter#1: confidence 50%, threshold 80%"',
		'<section class="group g0">',
		'<h3>Group A</h3>',
		'<section class="group alone">',
		'<h3>With nobody</h3>',
		'<summary dir="auto">The answer</summary>',
		'<p class="final" dir="auto">Lyon</p>',
		'changed from “Lyon” to “Paris”',
		'<meta name="viewport"',
		'light-dark(',
		'@media print',
	]) {
		assert.ok(page.includes(part), part);
	}
});

test('a conversation is its runs in order', () => {
	const runs = [
		pictureOf(runOf('01a', {prompt: 'First?'})),
		pictureOf(runOf('01b', {prompt: 'Second?'})),
	];

	for (const page of [runsMarkdown(runs), runsHtml(runs)]) {
		assert.ok(page.indexOf('First?') < page.indexOf('Second?'));
		assert.ok(page.includes('01b'));
	}

	assert.equal(runsHtml(runs).match(/<article class="run">/g)?.length, 2);
});

test('a run that was cut off is told as far as it went', () => {
	const picture = pictureOf(runOf('01a').slice(0, 14));

	assert.match(runsMarkdown([picture]), /broken off/);
	assert.match(runsMarkdown([picture]), /\n## Answer .*\n\nNone\.\n/);
	assert.match(runsHtml([picture]), /<p>None\.<\/p>/);
	assert.equal(storyOf(pictureOf([])), null);
});

test('what was taken over is not paid for again', () => {
	const [start, ...rest] = runOf('01a');
	const picture = pictureOf([start!, ...rest]);
	const [call] = picture.calls.values();
	picture.calls.set(call!.start.callId, {...call!, carriedFrom: '00z'});

	assert.deepEqual(
		storyOf(picture)!.costs.map(({speaker}) => speaker),
		['luna#1', 'arbiter#1'],
	);
});

test('only our own elements stand in a page, whatever was said', () => {
	const ours = new Set(elementsOf(runsHtml([saying('x')])));
	const attacks = [
		'<script>alert(1)</script>',
		'</title><script>alert(1)</script>',
		'</style><script>alert(1)</script>',
		'"><img src=x onerror=alert(1)>',
		`' onmouseover='alert(1)`,
		'" autofocus onfocus="alert(1)" x="',
		'--><svg onload=alert(1)>',
		'<!--',
		'<![CDATA[',
		'</div></main></body></html><iframe src="//evil.example">',
		'<meta http-equiv="refresh" content="0;url=//evil.example">',
		'<base href="//evil.example/">',
		'&lt;script&gt;&#60;script&#62;',
		'<\u0000script>alert(1)</\u0000script>',
		'\u001B]0;title\u0007\u001B[2J\u009B31m',
		'\u202Etxt.exe\u2066',
		'\uD800 half \uDFFF',
	];

	for (const attack of attacks) {
		const page = runsHtml([saying(attack)]);
		const strange = elementsOf(page).filter(element => !ours.has(element));

		// Names of speakers and the like stand in labels.
		assert.deepEqual(strange, [], attack);
		assert.doesNotMatch(
			page,
			/[\0-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\p{Surrogate}]/u,
		);
	}
});

test('names of models and speakers cannot leave their place either', () => {
	const evil = '"><script>alert(1)</script>';
	const json = JSON.stringify(runOf('01a'))
		.split('luna')
		.join(JSON.stringify(evil).slice(1, -1));
	const page = runsHtml([pictureOf(JSON.parse(json) as RunEvent[])]);

	assert.ok(page.includes('&quot;&gt;&lt;script&gt;'));
	assert.ok(!page.includes('<script'));
});

test('a page may load nothing and run nothing, and its own style is allowed', () => {
	const page = runsHtml([saying('x')]);
	const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
	const style = /<style>(.*?)<\/style>/s.exec(page)![1]!;
	const hash = createHash('sha256').update(style).digest('base64');

	assert.equal(
		policy,
		`default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
	);
	assert.doesNotMatch(page, / style=|<link|<script|<img|url\(|@import|src=/);
});

test('every element of a page is closed where it belongs', async () => {
	for (const page of [runsHtml([await argued()]), runsHtml([])]) {
		const open: string[] = [];

		for (const element of elementsOf(page)) {
			const {name, slash} = /^<(?<slash>\/?)(?<name>[!a-z0-9]+)/i.exec(
				element,
			)!.groups!;

			if (slash === '/') {
				assert.equal(open.pop(), name);
			} else if (
				!['!doctype', 'meta'].includes(name!) &&
				!element.endsWith('/>')
			) {
				open.push(name!);
			}
		}

		assert.deepEqual(open, []);
	}
});

/**
The lines of a Markdown text that are outside of its fences.
*/
function outsideOfFences(page: string): string[] {
	let fence: string | null = null;

	return page.split('\n').filter(line => {
		const row = /^`{3,}/.exec(line)?.[0] ?? null;

		if (fence === null) {
			fence = row;
			return row === null;
		}

		if (row !== null && row.length >= fence.length && line.trim() === row) {
			fence = null;
		}

		return false;
	});
}

test('what was said cannot leave its fence in Markdown, nor act in a line', () => {
	const ours = outsideOfFences(runsMarkdown([saying('x')])).length;

	for (const attack of [
		'```\n# Mine\n```',
		'`````\n# Mine',
		'\r```\r# Mine',
		'~~~\n# Mine',
		'<script>alert(1)</script>',
		'![x](https://evil.example/x.png)',
		'[click](data:text/html,x)',
		'a | b\n--- | ---',
		'# Mine',
		'- [ ] x\n\n# Mine',
	]) {
		const lines = outsideOfFences(runsMarkdown([saying(attack)]));

		assert.equal(lines.length, ours, attack);
		assert.deepEqual(
			lines.filter(line => /^#+ Mine|(?<!\\)<script|(?<!\\)\]\(/.test(line)),
			[],
			attack,
		);
	}
});

for (const [name, text] of hostileTexts) {
	test(
		`a megabyte of ${name} is exported in a few seconds`,
		{timeout: 20_000},
		async () => {
			const run = saying(text);
			const page = runsHtml([run]);
			const markdown = runsMarkdown([run]);
			await timersHaveRun();

			assert.ok(page.endsWith('</html>\n'));
			assert.match(markdown, /\n\| all \|/);
		},
	);
}
