import {shareText} from '../text/phrases.js';
import {markup, type Html} from './html-text.js';

/**
A text that is longer than this is folded away behind its beginning.
*/
const mostOpen = 1500;

/**
A text of a model or a person, as it was written.
*/
export function textBlock(text: string, style = ''): Html {
	return markup`<div class="text ${style}" dir="auto">${text.trim()}</div>`;
}

/**
The same, folded when it is long.
*/
export function foldedText(text: string, style = ''): Html {
	return text.length <= mostOpen
		? textBlock(text, style)
		: folded(`${beginningOf(text, 200)}…`, textBlock(text, style));
}

/**
The first characters of a text, none of them cut in two.
*/
export function beginningOf(text: string, characters: number): string {
	return [...text.trim().slice(0, 2 * characters)]
		.slice(0, characters)
		.join('');
}

export function folded(title: string, content: Html): Html {
	return markup`<details>
		<summary dir="auto">${title}</summary>
		${content}
	</details>`;
}

export function list(items: readonly Html[]): Html {
	return markup`<ul>
		${items.map(item => markup`<li>${item}</li>`)}
	</ul>`;
}

/**
A share as a bar with its number beside it, and a mark where the threshold is; an empty bar where it was not stated.
*/
export function measure(
	what: string,
	share: number | null,
	threshold: number | null,
): Html {
	const width = (value: number) => Math.round(1000 * value) / 10;
	const style =
		share !== null && threshold !== null && share < threshold
			? 'below'
			: 'fill';
	const mark =
		threshold === null
			? []
			: [
					markup`<rect
						class="mark"
						x="${width(threshold) - 0.5}"
						width="1"
						height="8"
					/>`,
				];
	const label = [
		`${what} ${shareText(share)}`,
		...(threshold === null ? [] : [`threshold ${shareText(threshold)}`]),
	].join(', ');

	return markup`<div class="measure">
		<svg
			class="bar"
			role="img"
			aria-label="${label}"
			viewBox="0 0 100 8"
			preserveAspectRatio="none"
		>
			<rect class="track" width="100" height="8" />
			<rect class="${style}" width="${width(share ?? 0)}" height="8" />
			${mark}</svg
		><span>${label}</span>
	</div>`;
}

/**
A table that scrolls by itself where it is too wide. The first column and the first row are headings; `numbersFrom` is the first column of numbers.
*/
export function htmlTable(
	rows: ReadonlyArray<readonly string[]>,
	numbersFrom = Infinity,
): Html {
	const [headings = [], ...others] = rows;

	return markup`<div class="wide">
		<table>
			<thead>
				<tr>
					${headings.map(cell => markup`<th scope="col">${cell}</th>`)}
				</tr>
			</thead>
			<tbody>
				${others.map(
					([name = '', ...cells]) =>
						markup`<tr>
							<th scope="row"><bdi>${name}</bdi></th>
							${cells.map((cell, index) =>
								index + 1 >= numbersFrom
									? markup`<td class="number">${cell}</td>`
									: markup`<td><bdi>${cell}</bdi></td>`,
							)}
						</tr>`,
				)}
			</tbody>
		</table>
	</div>`;
}
