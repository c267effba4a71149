import {type ModelRequest} from '../source/core/model.js';
import {type SimulatedQuestion} from './simulated-questions.js';
import {optionIn} from './simulated-wording.js';

/**
What a judge can read in the request it is really sent.
*/
export type ReadBrief = {
	/**
	In the order in which they stand; the option is null where the answer holds none, as when it was cut.
	*/
	readonly answers: ReadonlyArray<{
		readonly label: string;
		readonly option: number | null;
	}>;

	/**
	What each counts for, and its mean place in the reviews, by label, where a strategy tells of it.
	*/
	readonly weights: ReadonlyMap<string, number>;
	readonly places: ReadonlyMap<string, number>;

	/**
	What an earlier synthesis held.
	*/
	readonly earlier: number | null;
};

export function lastSaid({messages}: ModelRequest): string {
	const last = messages.at(-1);
	return last?.role === 'user' ? last.parts.join('') : '';
}

export function readBrief(
	question: SimulatedQuestion,
	request: ModelRequest,
): ReadBrief {
	const text = lastSaid(request);
	const fences = text.matchAll(
		/\[(?<boundary>[0-9a-f]{32}) answer (?<label>[A-Z]{1,2})(?: [^\]\n]*)?\]\n(?<answer>[\s\S]*?)\n\[\k<boundary> end of answer \k<label>\]/gv,
	);
	const [, previous = ''] =
		/<previous_synthesis>([\s\S]*?)<\/previous_synthesis>/v.exec(text) ?? [];

	return {
		answers: [...fences].map(({groups}) => ({
			label: groups!['label']!,
			option: optionIn(question, groups!['answer']!),
		})),
		weights: numbersIn(/What each counts for, 1 being normal: (.*?)\. /v, text),
		places: numbersIn(/Mean place of each: (.*?) \(/v, text),
		earlier: optionIn(question, previous),
	};
}

/**
Labels with their numbers, such as "A 1.5, B 1".
*/
function numbersIn(pattern: RegExp, text: string): Map<string, number> {
	const [, list = ''] = pattern.exec(text) ?? [];

	return new Map(
		list.split(', ').map(each => {
			const [label = '', number] = each.split(' ', 2);
			return [label, Number(number)];
		}),
	);
}
