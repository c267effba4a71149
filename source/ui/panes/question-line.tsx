import {memo} from 'react';
import {type Theme} from '../theme.js';
import {Line} from './line.js';
import {fitted, span} from './spans.js';

/**
What was asked, in one line.
*/
export const QuestionLine = memo(
	({
		prompt,
		width,
		theme,
	}: {
		readonly prompt: string;
		readonly width: number;
		readonly theme: Theme;
	}) => (
		<Line
			spans={fitted([span(' › ', 'accent'), span(prompt, 'heading')], width)}
			theme={theme}
		/>
	),
);
