//! Pictures of products: a shape on a ground, each of them the same in every run. PNG (RFC 2083), since that is what messengers take.

/// Pixels on each side.
const SIDE: u32 = 120;

/// The picture of the product with this handle.
pub(super) fn png(handle: &str) -> Vec<u8> {
    let seed = handle.bytes().fold(7_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let mut pixels = Vec::new();
    for y in 0..SIDE {
        // Each line begins with its filter: none.
        pixels.push(0);
        pixels.extend((0..SIDE).map(|x| u8::from(is_inside(seed % 4, x, y))));
    }
    let size = SIDE.to_be_bytes();
    // Eight bits a pixel, by palette.
    let header = [&size[..], &size[..], &[8, 3, 0, 0, 0]].concat();
    let palette = [[236, 230, 218], colour(seed)].concat();
    let chunks = [("IHDR", header), ("PLTE", palette), ("IDAT", zlib(&pixels)), ("IEND", Vec::new())];
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in chunks {
        let named = [kind.as_bytes(), &data].concat();
        file.extend(length(&data).to_be_bytes());
        file.extend(&named);
        file.extend(crc32(&named).to_be_bytes());
    }
    file
}

fn colour(seed: u32) -> [u8; 3] {
    const COLOURS: [[u8; 3]; 5] = [[46, 92, 110], [154, 72, 54], [88, 110, 62], [120, 84, 130], [60, 60, 66]];
    COLOURS.get(usize::try_from(seed / 4 % 5).unwrap_or_default()).copied().unwrap_or_default()
}

fn is_inside(shape: u32, x: u32, y: u32) -> bool {
    let (x, y) = (x.abs_diff(SIDE / 2), y.abs_diff(SIDE / 2));
    let radius = SIDE / 3;
    match shape {
        0 => x * x + y * y < radius * radius,
        1 => x < radius && y < radius,
        2 => x + y < radius,
        _ => (radius / 2 * radius / 2..radius * radius).contains(&(x * x + y * y)),
    }
}

fn length(data: &[u8]) -> u32 {
    u32::try_from(data.len()).unwrap_or(u32::MAX)
}

/// In zlib's form, as it is (RFC 1950; RFC 1951, stored blocks).
fn zlib(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let mut blocks = data.chunks(usize::from(u16::MAX)).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    let adler = data.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    stream.extend((adler.1 << 16 | adler.0).to_be_bytes());
    stream
}

fn crc32(data: &[u8]) -> u32 {
    let byte = |crc: u32, byte: &u8| {
        let step = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        (0..8).fold(crc ^ u32::from(*byte), step)
    };
    !data.iter().fold(u32::MAX, byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksums_are_the_known_ones() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(zlib(b"Wikipedia").last_chunk(), Some(&0x11e6_0398_u32.to_be_bytes()));
    }

    #[test]
    fn a_picture_is_whole_and_its_own() {
        let picture = png("stoneware-mug");
        assert!(picture.starts_with(b"\x89PNG\r\n\x1a\n") && picture.ends_with(b"IEND\xae\x42\x60\x82"));
        assert_eq!(picture, png("stoneware-mug"));
        assert_ne!(picture, png("enamel-mug"));
    }
}
