import assert from 'node:assert/strict';
import {test} from 'node:test';
import {percentText} from '../../source/core/share.js';
import {confidenceText, givenText} from '../../source/text/outcome.js';
import {verdict} from '../helpers/events.js';

const base = {...verdict, arbiter: 'arbiter#1', callId: 'first'};
const given = (
	changes: Partial<typeof base>,
	verdicts: ReadonlyArray<typeof base> = [],
) =>
	givenText(
		{...base, ...changes},
		{verdicts, speakerOf: callId => (callId === 'first' ? 'skeptic#1' : null)},
	);

test('a share shows on which side of a limit it is', () => {
	assert.equal(percentText(0.8), '80%');
	assert.equal(percentText(2 / 3), '67%');
	assert.equal(percentText(0.7996, 0.8), '79.96%');
	assert.equal(percentText(0.89, 0.8), '89%');
});

test('a vote is told by its count and how certain it is, and any other verdict by its confidence', () => {
	const vote = {
		...base,
		method: 'vote' as const,
		confidence: null,
		madeOf: ['x', 'y'],
		dissent: [{text: '41', who: ['c#1']}],
	};
	assert.equal(confidenceText(vote), 'vote 2 of 3, 69% certain');
	assert.equal(confidenceText({...base, confidence: 0.8}), 'confidence 80%');
	assert.equal(given(vote), 'given word for word: skeptic#1');
});

test('of a ranking it is said whose answer is given and what broke a tie', () => {
	const rank = {method: 'rank' as const};
	assert.equal(given({method: 'synthesis', ranking: [['a']]}), '');
	assert.equal(
		given({...rank, ranking: [['a'], ['b']]}),
		'given word for word: a',
	);
	assert.equal(
		given({...rank, ranking: [['b', 'a']]}),
		'given word for word: b, of a tie: the first that was named',
	);

	const orders = (first: number, second: number) => [
		{...base, ...rank, ranking: [['b'], ['a']], confidence: first},
		{
			...base,
			...rank,
			callId: 'second',
			ranking: [['a'], ['b']],
			confidence: second,
		},
	];
	const both = {...rank, madeOf: ['first', 'second'], ranking: [['a', 'b']]};
	assert.equal(
		given(both, orders(0.5, 0.5)),
		'given word for word: b, of a tie: it was the best in the first order',
	);
	assert.equal(
		given({...both, callId: 'second'}, orders(0.5, 0.6)),
		'given word for word: a, of a tie: it was judged with more confidence',
	);
});
