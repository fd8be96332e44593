using System.Text;

namespace Sluice.CustomerIo.Cutting;

internal sealed class Field(byte[] utf8)
{
    private string? _name;

    public byte[] Utf8 { get; } = utf8;

    public string Name => _name ??= Encoding.UTF8.GetString(Utf8);

    public JsonKinds Kinds { get; set; }

    public long Records { get; set; }

    public long LastRecord { get; set; }
}
