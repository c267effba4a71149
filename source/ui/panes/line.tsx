import {Text} from 'ink';
import {type Theme} from '../theme.js';
import {type Span} from './spans.js';

/**
One row of the screen.
*/
export function Line({
	spans,
	theme,
}: {
	readonly spans: readonly Span[];
	readonly theme: Theme;
}) {
	return (
		<Text wrap="truncate">
			{spans.map(({text, tone}, index) =>
				tone === 'plain' ? (
					text
				) : (
					<Text key={index} {...theme[tone]}>
						{text}
					</Text>
				),
			)}
		</Text>
	);
}
