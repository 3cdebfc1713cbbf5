using TorchSharp.Modules;

namespace TorchSharp;

public static class TensorExtensionMethods
{
    public static float ToSingle(this torch.Tensor value) => (float)value.ToDouble();

    /// <summary>The one element of a tensor of any number type.</summary>
    public static double ToDouble(this torch.Tensor value)
    {
        using var converted = value.to_type(torch.ScalarType.Float64);
        return converted.item<double>();
    }

    public static int ToInt32(this torch.Tensor value) => (int)value.ToInt64();

    public static long ToInt64(this torch.Tensor value)
    {
        using var converted = value.to_type(torch.ScalarType.Int64);
        return converted.item<long>();
    }

    public static bool ToBoolean(this torch.Tensor value) => value.ToInt64() != 0;

    public static Parameter AsParameter(this torch.Tensor tensor) => new(tensor);
}
