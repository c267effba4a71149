import {fileURLToPath} from 'node:url';
import {Resvg} from '@resvg/resvg-js';
import {type IBuffer, type IBufferCell} from '@xterm/headless';

export type Palette = {
	readonly background: string;
	readonly foreground: string;

	/**
	The sixteen colours of a terminal.
	*/
	readonly named: readonly string[];
};

export const palettes = {
	dark: {
		background: '#16181d',
		foreground: '#d6dae2',
		named: [
			'#16181d',
			'#e06c75',
			'#98c379',
			'#e5c07b',
			'#61afef',
			'#c678dd',
			'#56b6c2',
			'#abb2bf',
			'#5c6370',
			'#e06c75',
			'#98c379',
			'#e5c07b',
			'#61afef',
			'#c678dd',
			'#56b6c2',
			'#ffffff',
		],
	},
	light: {
		background: '#fbfbf8',
		foreground: '#24272e',
		named: [
			'#24272e',
			'#b3123a',
			'#2f6f1f',
			'#8a5300',
			'#1d4ed8',
			'#7c3aed',
			'#0b6077',
			'#9ca3af',
			'#6b7280',
			'#b3123a',
			'#2f6f1f',
			'#8a5300',
			'#1d4ed8',
			'#7c3aed',
			'#0b6077',
			'#111827',
		],
	},
} as const satisfies Record<string, Palette>;

/**
Pixels: those of a cell fit the font at this size.
*/
const cell = {width: 8.4, height: 18, baseline: 13.5};
const fontSize = 14;
const margin = 12;

type Style = {
	readonly fill: string;
	readonly behind: string | null;
	readonly attributes: string;
};

type Run = Style & {column: number; columns: number; text: string};

/**
What a terminal shows, as a picture in SVG.
*/
export function screenSvg(
	buffer: IBuffer,
	{
		columns,
		rows,
		palette,
	}: {
		readonly columns: number;
		readonly rows: number;
		readonly palette: Palette;
	},
): string {
	const width = columns * cell.width + 2 * margin;
	const height = rows * cell.height + 2 * margin;
	const drawn = Array.from({length: rows}, (_, row) =>
		runsOf(buffer, row, palette)
			.map(run => drawnRun(run, row))
			.join(''),
	);

	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Sans Mono, monospace" font-size="${fontSize}">`,
		`<rect width="${width}" height="${height}" rx="8" fill="${palette.background}"/>`,
		...drawn,
		'</svg>',
	].join('\n');
}

/**
The picture as a PNG, at twice its size.
*/
export function pngOf(svg: string): Uint8Array {
	const fonts = [
		'DejaVuSansMono',
		'DejaVuSansMono-Bold',
		'DejaVuSansMono-Oblique',
		'DejaVuSans',
	].map(name =>
		fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)),
	);

	return new Resvg(svg, {
		fitTo: {mode: 'zoom', value: 2},
		font: {
			fontFiles: fonts,
			loadSystemFonts: false,
			defaultFontFamily: 'DejaVu Sans Mono',
		},
	})
		.render()
		.asPng();
}

/**
Neighbouring cells of one style; a wide one stands alone, so that it keeps its place.
*/
function runsOf(buffer: IBuffer, row: number, palette: Palette): Run[] {
	const line = buffer.getLine(buffer.viewportY + row);
	const runs: Run[] = [];
	const width = line?.length ?? 0;

	for (let column = 0; column < width; column++) {
		const each = line!.getCell(column)!;
		const columns = each.getWidth();

		if (columns === 0) {
			continue;
		}

		const style = styleOf(each, palette);
		const last = runs.at(-1);
		const isSame =
			last?.fill === style.fill &&
			last.behind === style.behind &&
			last.attributes === style.attributes &&
			columns === 1 &&
			last.columns === [...last.text].length;

		if (isSame) {
			last.text += each.getChars() || ' ';
			last.columns++;
		} else {
			runs.push({...style, column, columns, text: each.getChars() || ' '});
		}
	}

	return runs;
}

function styleOf(each: IBufferCell, palette: Palette): Style {
	const front = each.isFgDefault()
		? palette.foreground
		: colourOf(each.getFgColor(), each.isFgRGB(), palette);
	const back = each.isBgDefault()
		? null
		: colourOf(each.getBgColor(), each.isBgRGB(), palette);
	const isInverse = each.isInverse() !== 0;

	return {
		fill: isInverse ? (back ?? palette.background) : front,
		behind: isInverse ? front : back,
		attributes: [
			each.isBold() !== 0 && ' font-weight="bold"',
			each.isItalic() !== 0 && ' font-style="italic"',
			each.isUnderline() !== 0 && ' text-decoration="underline"',
			each.isDim() !== 0 && ' opacity="0.6"',
		]
			.filter(Boolean)
			.join(''),
	};
}

/**
A direct colour, one of the sixteen, of the cube of six by six by six, or of the greys.
*/
function colourOf(value: number, isRgb: boolean, palette: Palette): string {
	if (isRgb) {
		return `#${value.toString(16).padStart(6, '0')}`;
	}

	if (value < 16) {
		return palette.named[value]!;
	}

	if (value >= 232) {
		const grey = 8 + (value - 232) * 10;
		return `rgb(${grey},${grey},${grey})`;
	}

	const level = (part: number) => (part === 0 ? 0 : 55 + 40 * part);
	const index = value - 16;
	return `rgb(${level(Math.floor(index / 36))},${level(Math.floor(index / 6) % 6)},${level(index % 6)})`;
}

function drawnRun(run: Run, row: number): string {
	const x = margin + run.column * cell.width;
	const y = margin + row * cell.height;
	const width = run.columns * cell.width;
	const behind =
		run.behind === null
			? ''
			: `<rect x="${x}" y="${y}" width="${width}" height="${cell.height}" fill="${run.behind}"/>`;

	return run.text.trim() === ''
		? behind
		: `${behind}<text x="${x}" y="${y + cell.baseline}" textLength="${width}" fill="${run.fill}"${run.attributes} xml:space="preserve">${escaped(run.text)}</text>`;
}

const escaped = (text: string) =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
