import {type CallPicture} from '../core/run-state.js';
import {cleaned} from '../text/cleaner.js';
import {confidenceText} from '../text/outcome.js';
import {wordOf} from '../text/phrases.js';
import {tailOf} from '../text/tail.js';
import {arbiterText} from './arbiter-marks.js';
import {markedText} from './member-marks.js';
import {type ZoomPart} from './run-views.js';
import {lineOf, shortModel} from './shown-names.js';

/**
All that was said in the run of a consortium that speaks in this call, each under a heading; none where a model speaks. `path` are those it is inside of.
*/
export function partsInside(
	{nested, start}: CallPicture,
	width: number,
	path: readonly string[] = [],
): ZoomPart[] {
	const way = [...path, shortModel(start.model)];
	const rule = (...words: readonly string[]): ZoomPart => ({
		kind: 'rule',
		lines: [`inside ${way.join(' → ')} · ${words.join(' · ')}`],
	});

	return (nested?.iterations ?? []).flatMap(({iteration, calls, verdicts}) => [
		...calls.flatMap(call => [
			...partsInside(call, width, way),
			rule(
				`iteration ${iteration}`,
				`${lineOf(call.start.speaker)} ${wordOf(call.state)}`,
			),
			...(call.start.purpose === 'answer'
				? part('answer', markedText(call.text), width)
				: part('earlier', arbiterText(call.text), width)),
			...part('note', call.outcome?.failure?.message ?? '', width),
		]),
		...verdicts.flatMap(verdict => [
			rule('verdict', confidenceText(verdict)),
			...part('answer', verdict.synthesis ?? '', width),
		]),
	]);
}

function part(kind: ZoomPart['kind'], text: string, width: number): ZoomPart[] {
	const shown = cleaned(text).trim();
	return shown === ''
		? []
		: [{kind, lines: tailOf(shown, {width, keep: Infinity}).lines()}];
}
