import assert from 'node:assert/strict';
import {test} from 'node:test';
import {plainReasons} from '../../source/core/plain-reasons.js';
import {
	decidedText,
	decisionLines,
	observationText,
	panelText,
	rankingText,
	savedIn,
	savedText,
	spareAtEnd,
	standingOf,
	verdictTitle,
	verdictWords,
} from '../../source/text/judging.js';
import {marksOf, notAskedBecause} from '../../source/text/marks.js';
import {verdict} from '../helpers/events.js';
import {liveRun} from '../helpers/live-run.js';

type Decision = Extract<
	Parameters<ReturnType<typeof liveRun>['say']>[0],
	{readonly type: 'decision'}
>;

const decision = (changes: Partial<Decision>): Decision => ({
	type: 'decision',
	iteration: 1,
	strategy: 'voting',
	action: 'judge',
	reason: 'They were counted.',
	marks: [],
	saved: null,
	...changes,
});

const mark = (instance: string, word: string, text = `${word}.`) => ({
	instance,
	mark: word,
	text,
});

const words = (run: ReturnType<typeof liveRun>, id: string) =>
	marksOf(run.store.picture(), id).map(({word}) => word);

test('a mark about an iteration goes with it, and one that lasts stays', () => {
	const run = liveRun(3);
	const [first, second] = run.ids;
	run.ask();
	run.say(
		decision({
			marks: [
				mark(first!, 'winner'),
				mark(second!, 'eliminated'),
				mark(second!, 'tier', 'Tier 2 of 3.'),
			],
		}),
	);
	assert.deepEqual(words(run, first!), ['winner']);
	assert.deepEqual(words(run, second!), ['eliminated', 'tier 2']);

	run.ask();
	assert.deepEqual(words(run, first!), []);
	assert.deepEqual(words(run, second!), ['eliminated', 'tier 2']);
});

test('of two votes of one iteration the last counts', () => {
	const run = liveRun(1);
	run.ask();
	run.say(decision({marks: [mark(run.ids[0]!, 'winner')]}));
	run.say(decision({marks: [mark(run.ids[0]!, 'minority')]}));
	assert.deepEqual(words(run, run.ids[0]!), ['minority']);
});

test('a role and a weight are marks of their own, short and clean', () => {
	const run = liveRun(1, {
		members: [
			{
				slot: 'm0',
				model: 'x',
				count: 1,
				role: 'doubt \u001B[31meverything that is said',
				weight: 2.5,
			},
		],
	});
	assert.deepEqual(words(run, 'm0#1'), ['doubt everythin…', '×2.5']);
});

test('who is not asked is told why: by its own mark, else by what was decided', () => {
	const run = liveRun(2);
	run.say(decision({iteration: 0, action: 'ask', reason: 'Tier 1 is asked.'}));
	run.ask();
	const picture = run.store.picture();
	assert.equal(notAskedBecause(picture, run.ids[1]!), 'Tier 1 is asked.');

	run.say(
		decision({
			action: 'ask',
			marks: [mark(run.ids[0]!, 'hedged')],
			reason: 'No',
		}),
	);
	assert.equal(notAskedBecause(picture, run.ids[1]!), 'Tier 1 is asked.');
	run.say(decision({marks: [mark(run.ids[1]!, 'spared', 'It was spared.')]}));
	assert.equal(notAskedBecause(picture, run.ids[1]!), 'It was spared.');
});

test('decisions are told with what was found out, said of whom, and saved', () => {
	const run = liveRun(3);
	run.ask();
	run.say(
		decision({
			marks: [mark('a', 'winner', 'It won.'), mark('b', 'winner', 'It won.')],
			saved: {calls: 2, usd: 0.012},
		}),
	);
	run.say(decision({action: 'observe', reason: 'Whether it passes.'}));
	run.say({
		type: 'observation',
		iteration: 1,
		observation: {
			kind: 'command',
			command: 'make test',
			isMet: true,
			detail: '',
			problem: null,
		},
	});
	assert.deepEqual(decisionLines(run.store.picture(), 1), [
		'→ judge: They were counted. (2 calls, $0.012 not made)',
		'  winner, a, b: It won.',
		'→ observe: Whether it passes.',
		'  ran make test: met',
	]);
	assert.deepEqual(savedIn(run.store.picture()), {
		calls: 2,
		usd: 0.012,
		isPutOff: false,
	});
});

test('calls that are put off are saved only while no other iteration makes them', () => {
	const run = liveRun(2);
	run.ask();
	run.say(
		decision({
			marks: [mark(run.ids[1]!, 'spared')],
			saved: {calls: 1, usd: 0.5},
		}),
	);
	assert.deepEqual(decidedText(run.store.picture().decisions[0]!), [
		'They were counted. (1 call, $0.500 put off)',
	]);
	assert.equal(savedIn(run.store.picture())?.isPutOff, true);
	assert.deepEqual(spareAtEnd(run.store.picture()), [
		'1 call, $0.500 not made',
	]);

	run.ask();
	assert.equal(savedIn(run.store.picture()), null);
	assert.deepEqual(spareAtEnd(run.store.picture()), []);
});

test('a decision is told where something was decided, and an end by what it saved', () => {
	assert.deepEqual(decidedText(decision({})), ['They were counted.']);
	assert.deepEqual(
		[
			plainReasons.everyone,
			plainReasons.feedback,
			plainReasons.weighed(3, 3),
		].flatMap(reason => decidedText(decision({reason}))),
		[],
	);
	assert.deepEqual(decidedText(decision({action: 'stop'})), []);
	assert.deepEqual(
		decidedText(
			decision({
				action: 'stop',
				reason: 'Tier 1 of 3 was enough. The arbiter is done: it is.',
				saved: {calls: 2, usd: 0.03},
			}),
		),
		['Tier 1 of 3 was enough: 2 calls, $0.030 not made'],
	);
});

test('what was saved is not summed up where a price is unknown', () => {
	const run = liveRun(1);
	assert.equal(savedIn(run.store.picture()), null);
	run.ask();
	run.say(decision({saved: {calls: 1, usd: 0.5}}));
	run.say(decision({saved: {calls: 2, usd: null}}));
	assert.deepEqual(savedIn(run.store.picture()), {
		calls: 3,
		usd: null,
		isPutOff: false,
	});
	assert.equal(savedText({calls: 3, usd: null}), '3 calls not made');
	assert.equal(savedText({calls: 1, usd: 0.5}), '1 call, $0.500 not made');
});

test('a verdict says what it is, and a ranking that two are the best', () => {
	const ranked = {
		...verdict,
		method: 'rank' as const,
		arbiter: 'arbiter#1',
		callId: 'c',
		ranking: [['a', 'b'], ['c']],
	};
	assert.equal(rankingText(ranked.ranking), 'a = b > c');
	assert.match(verdictWords(ranked), /a tie · a = b > c$/);
	assert.equal(verdictTitle(ranked), 'ranking of arbiter#1');
	assert.equal(
		verdictTitle({...ranked, madeOf: ['x', 'y']}),
		'ranking of arbiter#1 in both orders',
	);
	assert.equal(
		verdictTitle({...ranked, method: 'vote', madeOf: ['x', 'y', 'z']}),
		'vote: 3 of 4, no arbiter was asked',
	);
	const review = {...ranked, method: 'review' as const};
	assert.equal(verdictWords(review), 'a = b > c');
	assert.equal(standingOf(ranked, [ranked]), '');
	assert.equal(standingOf(ranked, [ranked, review]), 'counts');
	assert.equal(
		standingOf(review, [ranked, review]),
		'is a part of the one that counts',
	);
});

test('the confidences of a panel stand in the order of its arbiters, not of their replies', () => {
	const one = {...verdict, arbiter: 'first', callId: 'c1', confidence: 0.9};
	const other = {...verdict, arbiter: 'second', callId: 'c2', confidence: 0.4};
	const panel = {
		...verdict,
		arbiter: 'panel',
		method: 'panel' as const,
		madeOf: ['c1', 'c2'],
		callId: 'c1',
		confidence: 0.65,
	};
	assert.equal(
		panelText({verdicts: [other, one, panel]}),
		'median 65% of first 90%, second 40%',
	);
});

test('what could not be found out is said with its reason', () => {
	assert.equal(
		observationText({
			kind: 'similarity',
			model: 'm',
			instances: [],
			calls: [],
			matrix: [],
			costUsd: 0,
			problem: 'There is no way.',
		}),
		'the meaning of the answers was not compared: There is no way.',
	);
});
