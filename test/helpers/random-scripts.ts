import fc from 'fast-check';
import {failure, type Beat} from './fake-model.js';
import {verdictText} from './play.js';

const beat: fc.Arbitrary<Beat> = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.constantFrom<Beat>('a', 'b ', '\n', '<final>4</final>'),
	},
	{weight: 1, arbitrary: fc.constant<Beat>({thinking: 'hm'})},
	{weight: 1, arbitrary: fc.constant<Beat>({wait: failure()})},
	{
		weight: 1,
		arbitrary: fc.constant<Beat>({failure: failure({retryable: true})}),
	},
	{weight: 1, arbitrary: fc.constant<Beat>({failure: failure({kind: 'auth'})})},
	{
		weight: 1,
		arbitrary: fc.constantFrom<Beat>({stop: 'length'}, {stop: 'blocked'}),
	},
);
const script = fc.array(beat, {maxLength: 5});
const verdict = fc
	.record({
		confidence: fc.constantFrom(0.1, 0.5, 0.9, 'n/a'),
		needsIteration: fc.constantFrom(true, false, '?'),
		synthesis: fc.constantFrom('Yes.', '', 'a < b'),
	})
	.map(parts => verdictText(parts));

/**
What a member may do in its calls, one after the other.
*/
export const memberScripts = fc.array(script, {minLength: 1, maxLength: 3});

/**
The same for an arbiter, which mostly gives a verdict.
*/
export const arbiterScripts = fc.array(
	fc.oneof(
		{
			weight: 3,
			arbitrary: verdict.map((text): Beat[] => text.match(/.{1,9}/gsv) ?? []),
		},
		{weight: 1, arbitrary: script},
	),
	{minLength: 1, maxLength: 3},
);
